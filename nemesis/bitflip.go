package nemesis

import (
	"fmt"
	"slices"
	"strings"

	"faultline/internal/nearest"
)

var damageable = []string{"log", "snapshot"}

// bitFlip flips a bit in what a node has stored. A running process is first killed, and started again afterwards: a
// sound store finds the damage and refuses to start. It cannot start until the repair puts the bit back. A node that
// another fault took down is left down.
var bitFlip = &condition{
	begins: "bit-flip", ends: "repair", symbols: anyRunning, kills: true, widow: "bit-flip",
	words: "; then where: " + strings.Join(damageable, " or "),
	parse: func(l *line) (setting, error) {
		word := l.next()
		switch {
		case word == "":
			return setting{}, l.errorf("what is damaged should stand here: %s", strings.Join(damageable, " or "))
		case !slices.Contains(damageable, word):
			return setting{}, l.errorf("no bit can be flipped in %q; %s", word, nearest.Hint(word, damageable, "it can be in"))
		}
		return setting{word: word}, nil
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
		err := r.faults.Disks.FlipBit(r.nodes[n], s.word)
		r.revive(n, c.widow)
		return err
	},
	// What is repaired is down, unless the store did not find the damage: then it is too late.
	end: func(r *Runner, n int) error {
		if r.states[n] != down {
			return nil
		}
		return r.faults.Disks.RepairDisk(r.nodes[n])
	},
}
