package catalog

import (
	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/visibility"
)

// transactions are several registers that are read and written in one step, and lists that are appended to.
var transactions = []Entry{
	{
		Name: "list-append", Aliases: []string{"append", "txn-list-append"},
		Doc: "transactions that append to lists and read them (Elle's list-append)",
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
		Doc: "transactions that read and write registers, by the cycles of their dependencies (Elle's rw-register)",
	},
	{
		Name: "multi-register", Linear: linear.MultiRegister,
		Doc:      "several registers, read and written in one step",
		Judged:   "what each transaction read and wrote, in the order of real time: strict serializability",
		Unjudged: "weaker levels of isolation",
		Weaker:   []string{"long-fork"},
		fits:     func(g *Guesser) bool { return g.severalRegisters() && !g.readsOfMapsAlone() },
		exchanged: func(g *Guesser) (put, got shapes) {
			for i := range g.uses {
				u := &g.uses[i]
				put |= u.in.put
				got |= u.out.got
			}
			return put | g.of("write").in.entries, got | g.of("read").out.entries
		},
		observed: []string{"read", "write", "txn"},
	},
	{
		Name:      "long-fork",
		Doc:       "registers that are written once; two reads do not see two writes in different orders (Jepsen's long-fork)",
		Functions: []string{"read", "write", "txn"},
		Judged:    "pairs of reads of the same registers",
		Unjudged:  "everything else that serializability asks for",
		Checker:   func(Settings) checker.Checker { return visibility.LongFork() },
	},
}
