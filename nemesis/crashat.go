package nemesis

import (
	"slices"

	"faultline/cluster"
	"faultline/history"
	"faultline/internal/nearest"
)

// deathAtPoint is the kind of a death at a point.
const deathAtPoint = "crash-at"

// pointRestore is reached by a process that starts, or is so far behind that it gets a snapshot.
const pointRestore = "restore"

// crashAt has a process die when it next gets to a point. Its record is that of the death. To bring a running
// process to where it restores its state, it is killed and started again.
var crashAt = &condition{
	begins: "crash-at", ends: "disarm", symbols: anyRunning, announces: true, fades: true, kills: true, ofDisk: true, widow: deathAtPoint,
	words: "; then a point of the system's, such as log-write",
	parse: func(l *line) (setting, error) {
		word := l.next()
		if !validName(word) {
			return setting{}, l.errorf("a point of the system's should stand here, such as log-write")
		}
		return setting{word: word}, nil
	},
	check: func(f *forecast, s setting) error {
		if points := f.subject.points(); !slices.Contains(points, s.word) {
			return f.refuse(s.word, "unknown point %q; %s", s.word, nearest.Hint(s.word, points, "the points are"))
		}
		return nil
	},
	suffers: func(f cluster.Faults) bool { return f.Deaths != nil && f.Processes != nil },
	begin: func(r *Runner, c *condition, n, _ int, s setting) error {
		if err := r.faults.Deaths.CrashAt(r.nodes[n], s.word); err != nil {
			return err
		}
		if s.word == pointRestore && r.states[n] != down {
			if err := r.takeDown(n, c); err != nil {
				return err
			}
			r.revive(n, c.widow)
		}
		return nil
	},
	end: func(r *Runner, n int) error { return r.faults.Deaths.Disarm(r.nodes[n]) },
}

// died records a death at its instant, on the goroutine that died. The Runner learns of it when it next
// does something.
func (r *Runner) died(d cluster.Death) {
	r.note(d.Kind, d.Node, history.TextValue(d.Detail), "")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deaths = append(r.deaths, d)
}

// learn takes note of who died meanwhile.
func (r *Runner) learn() {
	r.mu.Lock()
	deaths := r.deaths
	r.deaths = nil
	r.mu.Unlock()
	for _, d := range deaths {
		n := slices.Index(r.nodes, d.Node)
		r.states[n], r.downBy[n] = down, r.fatal(n, d.Kind)
		if d.Kind == deathAtPoint {
			r.spells[crashAt.id][n] = nil
		}
	}
}

// fatal is what a death is put down to. A store that finds damage a while after it has started dies of the damage.
func (r *Runner) fatal(n int, kind string) string {
	switch {
	case kind == deathByPanic && r.has(bitFlip, n):
		return bitFlip.widow
	case kind == deathByPanic && r.has(truncation, n):
		return truncation.widow
	default:
		return kind
	}
}

// revive starts a node that died in this way, if it still is down; in no way if the kind is empty.
func (r *Runner) revive(n int, kind string) {
	if kind != "" && r.states[n] == down && r.downBy[n] == kind {
		r.startAgain(n)
	}
}

func (r *Runner) startAgain(n int) {
	err := r.faults.Processes.Restart(r.nodes[n])
	if err != nil {
		r.note(restart.name, r.nodes[n], history.Value{}, err.Error())
		return
	}
	r.states[n], r.downBy[n] = running, ""
	r.note(restart.name, r.nodes[n], history.Value{}, "")
}

// takeDown kills a node's process on behalf of a condition.
func (r *Runner) takeDown(n int, c *condition) error {
	if err := r.faults.Processes.Crash(r.nodes[n]); err != nil {
		return err
	}
	r.states[n], r.downBy[n] = down, c.begins
	r.note(c.begins, r.nodes[n], history.TextValue(crash.name), "")
	return nil
}
