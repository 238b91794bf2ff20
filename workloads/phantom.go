package workloads

import (
	"math/rand/v2"

	"faultline/checker/txn"
	"faultline/cluster/ops"
)

// phantoms has transactions scan a prefix twice, or scan it and read a key, while others insert keys with it.
var phantoms = Info{
	Name: "phantom",
	Doc: "transactions that scan a prefix twice while others insert keys with it; no scan sees half of an insertion unless the level " +
		"permits it",
	Clients: "Clients insert two keys with the same prefix in one transaction. Others scan the prefix twice in one transaction, or scan it and " +
		"then read a key that may be new. In the end they read every key through every node.",
	Holds:  "As for `list-append`. A scan that misses what its transaction sees in another way is G-single, by a predicate.",
	Breaks: "Locks on the keys that a scan has found and on no others; scans that each see another moment, or that see half of a commit.",
	Ops:    transactionOps,
	Keyed:  true,
	Models: IsolationLevels,
	Open: func(o Options) Workload {
		return transactionsOn(newKeyGroups(o, phantomGroups, phantomLife), insertsAndScans, txn.ListAppend(o.ConsistencyModels...))
	},
}

const (
	phantomGroups  = 4
	phantomLife    = 16
	shareOfInserts = 0.40 // of the transactions
)

func insertsAndScans(groups *keyGroups, draw *rand.Rand) []ops.Step {
	g := groups.next(draw)
	scan := ops.ScanOf(g.name)
	switch p := draw.Float64(); {
	case p < shareOfInserts:
		return []ops.Step{g.insert(), g.insert()}
	case p < (1+shareOfInserts)/2 && len(g.names) > 0:
		newest := g.names[len(g.names)-1]
		return []ops.Step{scan, ops.ReadOf(newest)}
	default:
		return []ops.Step{scan, scan}
	}
}
