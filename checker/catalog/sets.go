package catalog

import "faultline/checker/linear"

// sets keep what is added to them.
var sets = []Entry{
	{
		Name: "set", Linear: linear.Set,
		Doc:    "a set whose reads return all elements, linearizable",
		Judged: everyOperation,
		fits: func(g *Guesser) bool {
			return g.used("add") && (!g.used("read") || g.listing())
		},
		exchanged: func(g *Guesser) (put, got shapes) {
			return g.of("add").in.shape, g.of("read").out.elements
		},
		observed: []string{"read"},
	},
}

// ids are given to one caller each.
var ids = []Entry{
	{
		Name: "unique-ids",
		Doc:  "a generator of unique ids",
		unmistakable: func(g *Guesser) string {
			if !g.used("generate") {
				return ""
			}
			return "a generator of unique ids (generate)"
		},
	},
}
