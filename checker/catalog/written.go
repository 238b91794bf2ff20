package catalog

import "faultline/history"

// written notices whether the steps of transactions write a value twice to a register. It remembers so many writes, and what comes later
// could only be written again by a test that draws its values from a set that is as large.
type written struct {
	numbers map[[2]int64]bool  // a key and a value that are integers
	others  map[[2]string]bool // as text
	twice   bool
	steps   bool // there are writes in steps
}

const mostWritten = 1 << 14

func (w *written) add(transaction history.Value) {
	if w.twice || len(w.numbers)+len(w.others) >= mostWritten {
		return
	}
	if steps := transaction.Steps(); steps != nil {
		for _, s := range steps {
			if s.Write {
				note(w, &w.numbers, [2]int64{s.Key, s.Value})
			}
		}
		return
	}
	for step := range transaction.Elements {
		if shapeOf(step) == aList && step.Len() == 3 && step.At(0).Word() == "w" {
			w.write(step.At(1), step.At(2))
		}
	}
}

func (w *written) write(key, value history.Value) {
	k, keyIsInt := key.Int()
	v, valueIsInt := value.Int()
	if keyIsInt && valueIsInt {
		note(w, &w.numbers, [2]int64{k, v})
	} else {
		note(w, &w.others, [2]string{key.String(), value.String()})
	}
}

// note notes a write.
func note[W comparable](w *written, known *map[W]bool, write W) {
	if *known == nil {
		*known = map[W]bool{}
	}
	w.steps, w.twice = true, w.twice || (*known)[write]
	(*known)[write] = true
}

// writesOnce reports whether operations are transactions of steps, of which none writes what another has written to the same register.
func (g *Guesser) writesOnce() bool { return g.written.steps && !g.written.twice }
