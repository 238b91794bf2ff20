package catalog

import (
	"faultline/checker"
	"faultline/checker/sets"
)

// ids are given to one caller each.
var ids = []Entry{
	{
		Name:      "unique-ids",
		Doc:       "a generator that gives out each id once (Jepsen's and Maelstrom's unique-ids)",
		Functions: []string{"generate"},
		Judged:    "whether an id was given out twice",
		Checker:   func(Settings) checker.Checker { return sets.UniqueIDs() },
		unmistakable: func(g *Guesser) string {
			if !g.used("generate") {
				return ""
			}
			return "a generator of unique ids (generate)"
		},
	},
}
