package catalog

import (
	"fmt"
	"slices"
)

// synonyms are other names that functions go by: those of Elle's and Maelstrom's registers, and Maelstrom's broadcast, which
// adds to a set.
var synonyms = map[string]string{"r": "read", "w": "write", "broadcast": "add"}

// Function is the entry's own name of a function: another name is replaced if the entry does not have it. What the entry does not know
// at all stays as it is, and will be refused.
func (e Entry) Function(f string) string {
	other, ok := synonyms[f]
	if !ok { // as nearly always, and this is asked of every event
		return f
	}
	if own := e.Operations(); !slices.Contains(own, f) && slices.Contains(own, other) {
		return other
	}
	return f
}

// Warnings say which functions an entry takes for others, and which answers it does not look at.
func (g *Guesser) Warnings(e Entry) []string {
	var warnings []string
	for _, f := range g.functions() {
		as := e.Function(f)
		if as != f {
			warnings = append(warnings, fmt.Sprintf("%s is taken for %s", f, as))
		}
		if u := g.of(f); shapeOf(u.told) != 0 && e.Linear != nil && !slices.Contains(e.observed, as) {
			warnings = append(warnings, fmt.Sprintf("what %s returns, such as %s, is not looked at: a %s has no such answer", f, edn(u.told), e.Name))
		}
	}
	return warnings
}
