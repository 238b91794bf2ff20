package linear

import (
	"fmt"
	"slices"
)

// synonyms are other names that functions go by: those of Elle's and Maelstrom's registers, and Maelstrom's broadcast, which
// adds to a set.
var synonyms = map[string]string{"r": "read", "w": "write", "broadcast": "add"}

// Function is the model's name of a function: another name is replaced if the model does not have it. What the model does not know
// at all stays as it is, and will be refused.
func (m Model) Function(f string) string {
	if other, ok := synonyms[f]; ok && !slices.Contains(m.functions, f) && slices.Contains(m.functions, other) {
		return other
	}
	return f
}

// knows reports whether the model has all these functions.
func (m Model) knows(functions []string) bool {
	return !slices.ContainsFunc(functions, func(f string) bool { return !slices.Contains(m.functions, m.Function(f)) })
}

// observing are the functions whose answers models look at, and release, which has nothing to tell.
var observing = []string{"read", "get", "dequeue", "pop", "drain", "txn", "release"}

// Warnings say which functions a model takes for others, and which answers it does not look at.
func (g *Guesser) Warnings(m Model) []string {
	var warnings []string
	for _, f := range g.functions() {
		as := m.Function(f)
		if as != f {
			warnings = append(warnings, fmt.Sprintf("%s is taken for %s", f, as))
		}
		if u := g.of(f); shapeOf(u.told) != 0 && !slices.Contains(observing, as) && m.name != "multi-register" {
			warnings = append(warnings, fmt.Sprintf("what %s returns, such as %s, is not looked at: a %s has no such answer", f, edn(u.told), m.name))
		}
	}
	return warnings
}
