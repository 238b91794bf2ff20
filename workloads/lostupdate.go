package workloads

import (
	"math/rand/v2"

	"faultline/checker/txn"
	"faultline/cluster/ops"
)

// lostUpdates has transactions read a list and append to it, as a client does that reads a number and increases it.
var lostUpdates = Info{
	Name: "lost-update",
	Doc:  "transactions that read a list and then append to it; no two replace the same version unless the level permits it",
	Clients: "Clients read a list and append to it in one transaction, sometimes two lists at once. Others only read. In the end they read " +
		"every list through every node.",
	Holds: "As for `list-append`. Two transactions that read the same version and both replace it have lost an update (P4).",
	Breaks: "Read committed under an application that reads, adds and writes; locks taken for the write and not for the read; validation that " +
		"is skipped.",
	Ops:    transactionOps,
	Keyed:  true,
	Models: IsolationLevels,
	Open: func(o Options) Workload {
		return transactionsOn(newLiveKeys(o), updates, txn.ListAppend(o.ConsistencyModels...))
	},
}

// The shares of transactions that only read, and of those that update two keys.
const (
	shareOfPlainReads = 0.20
	shareOfTwoUpdates = 0.20
)

func updates(keys *liveKeys, draw *rand.Rand) []ops.Step {
	p := draw.Float64()
	if p < shareOfPlainReads {
		return []ops.Step{ops.ReadOf(keys.read(draw))}
	}
	steps := update(keys, draw)
	if p < shareOfPlainReads+shareOfTwoUpdates {
		steps = append(steps, update(keys, draw)...)
	}
	return steps
}

// update reads a list and appends to it.
func update(keys *liveKeys, draw *rand.Rand) []ops.Step {
	written := ops.AppendTo(keys.write(draw))
	return []ops.Step{ops.ReadOf(written.Key), written}
}
