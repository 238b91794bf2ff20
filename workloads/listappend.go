package workloads

import (
	"math/rand/v2"

	"faultline/checker/txn"
	"faultline/cluster/ops"
)

// listAppends is Elle's workload of that name. A list that is read shows all appends before, and their order: nothing tells more of what a
// store does with transactions.
var listAppends = Info{
	Name: "list-append",
	Doc:  "transactions that append to lists and read them, at the isolation level that the store claims (Elle's list-append)",
	Clients: "Clients append unique values to lists and read lists, one to four in a transaction, and sometimes read all lists with a prefix. " +
		"A list is used up after 32 appends. In the end they read every list through every node.",
	Holds: "There is no anomaly that the isolation level forbids: the level that the mode of the system claims, or the levels of " +
		"`--consistency-models`; strict serializability if the mode claims none.",
	Breaks: "Locks released early, snapshots taken late, validation that is skipped, appends that are lost, applied twice or seen before they " +
		"are committed, reads at replicas.",
	Ops:    transactionOps,
	Keyed:  true,
	Models: IsolationLevels,
	Open: func(o Options) Workload {
		return transactionsOn(newLiveKeys(o), appendsAndReads, txn.ListAppend(o.ConsistencyModels...))
	},
}

const (
	mostSteps    = 4    // of a transaction
	shareOfScans = 0.05 // of all steps
	shareOfReads = 0.45 // of all steps; the others write
)

func appendsAndReads(keys *liveKeys, draw *rand.Rand) []ops.Step {
	steps := make([]ops.Step, 1+draw.IntN(mostSteps))
	for i := range steps {
		switch p := draw.Float64(); {
		case p < shareOfScans:
			steps[i] = ops.ScanOf(keys.scan(draw))
		case p < shareOfScans+shareOfReads:
			steps[i] = ops.ReadOf(keys.read(draw))
		default:
			steps[i] = ops.AppendTo(keys.write(draw))
		}
	}
	return steps
}
