package workloads

import (
	"math/rand/v2"

	"faultline/checker/txn"
	"faultline/cluster/ops"
)

// writeSkews has transactions decide by what they read what to write elsewhere, as two doctors who each go off call because the other is on
// call. In every other group they decide by two items, and in the others by what a scan finds.
var writeSkews = Info{
	Name: "write-skew",
	Doc:  "transactions that read two lists, or scan a prefix, and append to one of them; no two miss each other's writes unless the level permits it",
	Clients: "Clients read two lists and append to one of them, or scan a prefix and insert a key with it, in one transaction. Others only " +
		"read. In the end they read every list through every node.",
	Holds:  "As for `list-append`. Two transactions that miss each other's writes are G2-item, or G2 if a scan missed one.",
	Breaks: "Snapshot isolation that is called serializable, locks on keys and not on predicates, validation of writes alone.",
	Ops:    transactionOps,
	Keyed:  true,
	Models: IsolationLevels,
	Open: func(o Options) Workload {
		return transactionsOn(newKeyGroups(o, skewGroups, skewLife), decisions, txn.ListAppend(o.ConsistencyModels...))
	},
}

const (
	skewGroups       = 4
	skewLife         = 20
	shareOfSkewReads = 0.20 // of the transactions; they only read
)

func decisions(groups *keyGroups, draw *rand.Rand) []ops.Step {
	g := groups.next(draw)
	onlyRead := draw.Float64() < shareOfSkewReads
	if g.number%2 == 0 {
		steps := []ops.Step{ops.ScanOf(g.name)}
		if !onlyRead {
			steps = append(steps, g.insert())
		}
		return steps
	}
	first := 1 + draw.IntN(2)
	steps := []ops.Step{ops.ReadOf(g.key(first)), ops.ReadOf(g.key(3 - first))}
	if !onlyRead {
		steps = append(steps, g.append(1+draw.IntN(2)))
	}
	return steps
}
