package catalog

import (
	"fmt"

	"faultline/checker"
)

// Fits refuses an entry if it does not know the operations, or if their values cannot be those of its objects, see Guesser.
func (g *Guesser) Fits(e Entry, initial checker.Initial) error {
	if e.Checker != nil && !e.knows(g.functions()) {
		return e.lacks(g.functions())
	}
	if e.registers {
		if like := g.versioned(); like != "" {
			return fmt.Errorf("the operations look like those of %s, and not of a %s", like, e.Name)
		}
	}
	if e.exchanged == nil || initial.Given() {
		return nil
	}
	put, got := e.exchanged(g)
	switch {
	case put == 0 || got == 0 || put&got != 0:
		return nil
	case e.registers && g.tellsAllWritten():
		return fmt.Errorf("the values are not those of a %s: what is written are %v, and reads return %v of them, such as %s", e.Name, put, got, edn(g.of("read").out.first))
	}
	return fmt.Errorf("the values are not those of a %s: what is written are %v, and what comes back are %v", e.Name, put, got)
}
