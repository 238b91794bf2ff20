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
		Doc:          "a register whose values have versions that the store gives them (Jepsen's etcd test)",
		Functions:    []string{"read", "write", "cas"},
		Judged:       "every operation, each key by itself, in the order of the versions that operations tell",
		Unjudged:     "compare-and-sets that failed",
		Checker:      func(Settings) checker.Checker { return versions.Checker() },
		unmistakable: (*Guesser).versioned,
	},
	{
		Name: "causal-reverse", Aliases: []string{"comments"},
		Doc:       "a table of rows, of which a read that has one has all that were acknowledged before it was written (CockroachDB's comments)",
		Functions: []string{"write", "add", "read"},
		Judged:    "whether reads have rows without those that were acknowledged before they were written",
		Unjudged:  "rows that reads lack altogether",
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
		Doc:  "keys that are written one after the other and read the other way round (CockroachDB's sequential, as elle-cli has it)",
	},
	{
		Name: "causal", Aliases: []string{"causal-register"},
		Doc:       "a register on which one client works at a time (Jepsen's causal)",
		Functions: []string{"read-init", "read", "write"},
		Judged:    "whether a read finds what was written last",
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
		Doc:       "a text that is got, put and appended to (porcupine's data)",
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
