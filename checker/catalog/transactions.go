package catalog

import (
	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/txn"
	"faultline/checker/visibility"
)

// transactions are several registers that are read and written in one step, and lists that are appended to.
var transactions = []Entry{
	{
		Name: "list-append", Aliases: []string{"append", "txn-list-append"},
		Doc:       "transactions that append to lists and read them (Elle's list-append)",
		Functions: []string{"txn"},
		Judged:    "the anomalies of all transactions together: strict serializability, or the levels that --consistency-models names",
		Checker:   func(Settings) checker.Checker { return txn.ListAppend() },
		Levels:    txn.ListAppend,
		family:    IsolationLevels,
		unmistakable: func(g *Guesser) string {
			if g.steps()&stepsAppend == 0 {
				return ""
			}
			return "transactions that append to lists and read them (Elle's list-append)"
		},
	},
	{
		Name: "echo", Doc: "Maelstrom's echo, which has no state to judge",
		unmistakable: func(g *Guesser) string {
			if !g.used("echo") {
				return ""
			}
			return "Maelstrom's echo"
		},
	},
	{
		Name: "rw-register", Aliases: []string{"wr", "txn-rw-register"},
		Doc:       "transactions that read registers, and write each value once (Elle's rw-register)",
		Functions: []string{"txn"},
		Judged:    "the anomalies of all transactions together: strict serializability, or the levels that --consistency-models names",
		Checker:   func(Settings) checker.Checker { return txn.RWRegister() },
		Levels:    txn.RWRegister,
		family:    IsolationLevels,
		begins:    true,
		fits:      func(g *Guesser) bool { return g.severalRegisters() && g.writesOnce() },
		exchanged: stepValues,
	},
	{
		Name: "multi-register", Linear: linear.MultiRegister,
		Doc:      "several registers, read and written in one step",
		Judged:   "what each transaction read and wrote, in the order of real time: strict serializability",
		Unjudged: "weaker levels of isolation",
		Weaker:   []string{"long-fork"},
		fits:     func(g *Guesser) bool { return g.severalRegisters() && !g.readsOfMapsAlone() && !g.writesOnce() },
		exchanged: func(g *Guesser) (put, got shapes) {
			put, got = stepValues(g)
			return put | g.of("write").in.entries, got | g.of("read").out.entries
		},
		observed: []string{"read", "write", "txn"},
	},
	{
		Name:      "long-fork",
		Doc:       "registers that are written once; no two reads see two writes in different orders (Jepsen's long-fork)",
		Functions: []string{"read", "write", "txn"},
		Judged:    "whether any two reads see two writes in different orders, and read only what was written",
		Unjudged:  "real time, and whether a read sees what was written before it",
		Checker:   func(Settings) checker.Checker { return visibility.LongFork() },
	},
}

// stepValues are what the steps of transactions write and read.
func stepValues(g *Guesser) (put, got shapes) {
	for i := range g.uses {
		put |= g.uses[i].in.put
		got |= g.uses[i].out.got
	}
	return put, got
}
