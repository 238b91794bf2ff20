package catalog

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/sets"
	"faultline/checker/siblings"
	"faultline/checker/versions"
	"faultline/checker/visibility"
	"faultline/cluster/ops"
)

// registers hold one value for each key.
var registers = []Entry{
	{
		Name: "siblings", Aliases: []string{"cart"},
		Doc:       "registers that keep concurrent writes side by side; a write says which values it replaces (Dynamo's shopping carts)",
		Functions: []string{ops.Read, ops.Write},
		Judged:    "each value by itself: whether it is lost, or comes back with what has replaced it, or a read is stale unless the option stale-reads allows it",
		Options:   []Option{{Name: "stale-reads", Doc: "reads may lack what later ones have", Parse: yesOrNo}},
		Checker: func(s Settings) checker.Checker {
			return siblings.Checker(siblings.Options{Stale: s.yes("stale-reads")})
		},
		unmistakable: (*Guesser).siblings,
	},
	{
		Name:         "versioned-register",
		Doc:          "a register whose values have versions assigned by the store (Jepsen's etcd test)",
		Functions:    []string{"read", "write", "cas"},
		Judged:       "every operation, each key by itself, in the order of the versions in the answers",
		Unjudged:     "failed compare-and-sets",
		Checker:      func(Settings) checker.Checker { return versions.Checker() },
		unmistakable: (*Guesser).versioned,
	},
	{
		Name: "causal-reverse", Aliases: []string{"comments"},
		Doc:       "a table of rows; a read that has a row has all rows acknowledged before it was written (CockroachDB's comments)",
		Functions: []string{"write", "add", "read"},
		Judged:    "whether reads have rows and lack rows acknowledged before those were written",
		Unjudged:  "rows that every read lacks",
		Checker:   func(Settings) checker.Checker { return sets.CausalReverse() },
		unmistakable: func(g *Guesser) string {
			if !g.tellsAllWritten() {
				return ""
			}
			return fmt.Sprintf("a table of rows (write adds one, and a read such as %s returns all)", edn(g.of("read").out.first))
		},
	},
	{
		Name: "sequential",
		Doc:  "keys that are written in one order and read in the reverse (CockroachDB's sequential, as in elle-cli)",
	},
	{
		Name: "causal", Aliases: []string{"causal-register"},
		Doc:       "a register on which one client works at a time (Jepsen's causal)",
		Functions: []string{"read-init", "read", "write"},
		Judged:    "whether a read returns the last write",
		Checker:   func(Settings) checker.Checker { return visibility.Causal() },
		unmistakable: func(g *Guesser) string {
			if !g.used("read-init") {
				return ""
			}
			return "Jepsen's causal register (read-init)"
		},
	},
	{
		Name: "register", Linear: linear.Register,
		Doc:       "a value that is read and written",
		Judged:    everyOperation,
		registers: true,
		fits:      func(g *Guesser) bool { return !g.severalRegisters() && g.used("write") },
		exchanged: registerValues,
		observed:  []string{"read"},
	},
	{
		Name: "cas-register", Aliases: []string{"lin-kv", "linearizable-register"}, Linear: linear.CASRegister,
		Doc:       "a register with compare-and-set and delete",
		Judged:    everyOperation,
		registers: true,
		fits: func(g *Guesser) bool {
			return !g.severalRegisters() && (g.used("cas") || g.used("delete") || !g.used("write") && !g.listing())
		},
		exchanged: registerValues,
		observed:  []string{"read"},
	},
	{
		Name: "kv", Linear: linear.KV,
		Doc:       "a text with get, put and append (porcupine's data)",
		Judged:    everyOperation,
		registers: true,
		fits:      func(g *Guesser) bool { return !g.used("append") || g.used("get") || g.used("put") },
		exchanged: func(g *Guesser) (put, got shapes) {
			return g.of("put").in.shape | g.of("append").in.shape, g.of("get").out.shape
		},
		observed: []string{"get"},
	},
}

// everyOperation is what linearizability is about.
const everyOperation = "every operation, each key by itself, in the order of real time"

func registerValues(g *Guesser) (put, got shapes) {
	return g.of("write").in.shape | g.of("cas").cas.shape, g.of("read").out.shape
}
