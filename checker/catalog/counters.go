package catalog

import (
	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/totals"
	"faultline/checker/visibility"
)

// counters are added to.
var counters = []Entry{
	{
		Name:      "pn-counter",
		Doc:       "a counter whose replicas converge (Maelstrom's pn-counter)",
		Functions: counting,
		Judged:    "whether final reads return the sum of the acknowledged adds",
		Unjudged:  "earlier reads",
		Checker:   func(Settings) checker.Checker { return totals.PNCounter() },
		unmistakable: func(g *Guesser) string {
			if !g.countsInTheEnd() || !g.used("dec") && !g.negative {
				return ""
			}
			return "a counter that is subtracted from, and whose last reads are marked with :final? (Maelstrom's pn-counter)"
		},
	},
	{
		Name:      "g-counter",
		Doc:       "pn-counter for a counter that only grows (Maelstrom's g-counter)",
		Functions: counting,
		Judged:    "whether final reads return the sum of the acknowledged adds",
		Unjudged:  "earlier reads",
		Checker:   func(Settings) checker.Checker { return totals.GCounter() },
		unmistakable: func(g *Guesser) string {
			if !g.countsInTheEnd() {
				return ""
			}
			return "a counter whose last reads are marked with :final? (Maelstrom's g-counter)"
		},
	},
	{
		Name: "counter", Linear: linear.Counter,
		Doc:    "a number that is added to and read, linearizable",
		Judged: everyOperation,
		Weaker: []string{"counter-bounds"},
		fits: func(g *Guesser) bool { // reads alone may be those of one
			counted := g.used("read") && len(g.uses) == 1 && g.of("read").out.shape == anInteger
			return g.used("inc") || g.used("dec") || g.used("add") && !g.listing() || counted
		},
		observed: []string{"read"},
	},
	{
		Name: "counter-bounds", Aliases: []string{"jepsen-counter"},
		Doc:       "a counter whose reads stay within bounds (Jepsen's counter)",
		Functions: counting,
		Judged:    "whether each read lies between the adds acknowledged before it and the adds begun before it returned",
		Unjudged:  "reads that contradict one another",
		Checker:   func(Settings) checker.Checker { return totals.Counter() },
	},
}

// growth is a value that only grows.
var growth = []Entry{
	{
		Name:      "monotonic",
		Doc:       "a value that grows, and that no process sees shrink (Jepsen's monotonic)",
		Functions: []string{"inc", "read"},
		Judged:    "what each process sees, by itself",
		Unjudged:  "what different processes see",
		Checker:   func(Settings) checker.Checker { return visibility.Monotonic() },
	},
}

var counting = []string{"add", "inc", "dec", "read"}

// countsInTheEnd reports whether numbers are added, and some reads of the sum are marked as final.
func (g *Guesser) countsInTheEnd() bool {
	return g.finals && g.of("read").out.shape == anInteger && (g.used("add") || g.used("inc") || g.used("dec"))
}
