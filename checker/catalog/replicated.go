package catalog

import (
	"faultline/checker"
	"faultline/checker/replicated"
	"faultline/cluster/ops"
)

// replicatedTypes are objects that every replica changes by itself.
var replicatedTypes = []Entry{
	{
		Name: "replicated", Aliases: []string{"crdt-counter", "crdt-register", "crdt-set", "crdt-map", "crdt-text", "crdt-tree"},
		Doc:       "objects of replicated data types, whose answers follow from the updates that they have seen, and which agree in the end",
		Functions: []string{ops.Add, ops.Remove, ops.Write, ops.Put, ops.Insert, ops.Delete, ops.Move, ops.Read},
		Judged:    "every answer, by the updates that it has seen, and the order of characters in texts",
		Checker:   func(Settings) checker.Checker { return replicated.Checker() },
		unmistakable: func(g *Guesser) string {
			for _, f := range []string{ops.Add, ops.Remove, ops.Write, ops.Put, ops.Insert, ops.Delete, ops.Move} {
				if named := aText | aMap; g.of(f).in.elements&named == named {
					return "replicated data types, as updates have names and say which others their clients had seen"
				}
			}
			return ""
		},
	},
}
