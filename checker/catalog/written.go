package catalog

import "faultline/history"

// written notices whether the steps of transactions write a value twice to a register. It remembers so many writes, and what comes later
// could only be written again by a test that draws its values from a set that is as large.
type written struct {
	values map[[2]string]bool
	twice  bool
	steps  bool // there are writes in steps
}

const mostWritten = 1 << 14

func (w *written) add(transaction history.Value) {
	if w.twice || len(w.values) >= mostWritten {
		return
	}
	for step := range transaction.Elements {
		parts, ok := step.List()
		if !ok || len(parts) != 3 || parts[0].Word() != "w" {
			continue
		}
		if w.values == nil {
			w.values = map[[2]string]bool{}
		}
		write := [2]string{parts[1].String(), parts[2].String()}
		w.steps, w.twice = true, w.twice || w.values[write]
		w.values[write] = true
	}
}

// writesOnce reports whether operations are transactions of steps, of which none writes what another has written to the same register.
func (g *Guesser) writesOnce() bool { return g.written.steps && !g.written.twice }
