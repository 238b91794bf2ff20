package catalog

import (
	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/sets"
)

// growing are sets that elements are added to.
var growing = []Entry{
	{
		Name: "set-full", Aliases: []string{"broadcast", "g-set"},
		Doc:       "a set whose reads may be stale but catch up (Jepsen's set-full, Maelstrom's broadcast and g-set)",
		Functions: []string{"add", "read"},
		Judged:    "whether an element is lost, stale, duplicated, or was never added",
		Unjudged:  "when stale reads catch up",
		Weaker:    []string{"set-final"},
		Options:   []Option{{Name: "linearizable", Doc: "no read may be stale", Parse: yesOrNo}},
		Checker:   func(s Settings) checker.Checker { return sets.Full(sets.Options{Linearizable: s.yes("linearizable")}) },
		unmistakable: func(g *Guesser) string {
			switch {
			case g.of("broadcast").f != "":
				return "Maelstrom's broadcast"
			case g.finals && g.used("add") && g.listing():
				return "a set whose last reads are marked with :final?"
			default:
				return ""
			}
		},
		exchanged: setValues,
	},
	{
		Name: "set", Linear: linear.Set,
		Doc:    "a set whose reads return all elements, linearizable",
		Judged: everyOperation,
		Weaker: []string{"set-full", "set-final"},
		fits: func(g *Guesser) bool {
			return g.used("add") && (!g.used("read") || g.listing())
		},
		exchanged: setValues,
		observed:  []string{"read"},
	},
	{
		Name: "set-final", Aliases: []string{"jepsen-set"},
		Doc:       "a set that is read in the end (Jepsen's set)",
		Functions: []string{"add", "read"},
		Judged:    "whether the final reads, or the last read, have every acknowledged element and nothing else",
		Unjudged:  "earlier reads",
		Checker:   func(Settings) checker.Checker { return sets.Set() },
		exchanged: setValues,
	},
}

func setValues(g *Guesser) (put, got shapes) {
	return g.of("add").in.shape, g.of("read").out.elements
}
