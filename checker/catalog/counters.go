package catalog

import "faultline/checker/linear"

// counters are added to.
var counters = []Entry{
	{
		Name: "g-counter", Aliases: []string{"pn-counter"},
		Doc: "a counter that is judged by its last reads only (Maelstrom's g-counter and pn-counter)",
		unmistakable: func(g *Guesser) string {
			if !g.used("add") || !g.finals || g.of("read").out.shape != anInteger {
				return ""
			}
			return "a counter that is judged by its last reads, which are marked with :final? (Maelstrom's g-counter and pn-counter)"
		},
	},
	{
		Name: "counter", Linear: linear.Counter,
		Doc:    "a number that is added to and read, linearizable",
		Judged: everyOperation,
		fits: func(g *Guesser) bool { // reads alone may be those of one
			counted := g.used("read") && len(g.uses) == 1 && g.of("read").out.shape == anInteger
			return g.used("inc") || g.used("dec") || g.used("add") && !g.listing() || counted
		},
		observed: []string{"read"},
	},
}

// banks move money between accounts.
var banks = []Entry{
	{
		Name: "bank",
		Doc:  "a bank, whose reads show all balances",
		unmistakable: func(g *Guesser) string {
			if !g.used("transfer") {
				return ""
			}
			return "a bank (transfer, and reads of all balances)"
		},
	},
}
