package nemesis

import (
	"fmt"
	"slices"

	"faultline/cluster"
	"faultline/internal/nearest"
)

// Each way in which stored files can be damaged is a condition of its own. A repair of one repairs the other too.
var (
	bitFlip    = damage("bit-flip", "repair", cluster.Disks.FlipBit)
	truncation = damage("truncate", "untruncate", cluster.Disks.Truncate)
)

// damage damages a part of what a node has stored. A running process is first killed, and started again afterwards: a
// sound store finds the damage and refuses to start. It cannot start until the repair puts back what there was. A node that
// another fault took down is left down.
func damage(begins, ends string, do func(d cluster.Disks, node, part string) error) *condition {
	return &condition{
		begins: begins, ends: ends, symbols: anyRunning, kills: true, widow: begins,
		words: "; then what of its files, such as log or snapshot",
		parse: func(l *line) (setting, error) {
			word := l.next()
			if !validName(word) {
				return setting{}, l.errorf("what is damaged should stand here, such as log or snapshot")
			}
			return setting{word: word}, nil
		},
		check: func(f *forecast, s setting) error {
			if parts := f.subject.Damageable(); !slices.Contains(parts, s.word) {
				return f.refuse(s.word, "nothing called %q can be damaged; %s", s.word, nearest.Hint(s.word, parts, "the parts are"))
			}
			return nil
		},
		suffers: hasDisks,
		begin: func(r *Runner, c *condition, n, _ int, s setting) error {
			if !r.faults.Disks.HasStored(r.nodes[n], s.word) {
				return fmt.Errorf("%s has stored no %s yet", r.nodes[n], s.word)
			}
			if r.states[n] != down {
				if err := r.takeDown(n, c); err != nil {
					return err
				}
			}
			err := do(r.faults.Disks, r.nodes[n], s.word)
			r.revive(n, c.widow)
			return err
		},
		// What is repaired is down, unless the store has not found the damage: it may find it yet.
		end: func(r *Runner, n int) error { return r.faults.Disks.RepairDisk(r.nodes[n]) },
	}
}
