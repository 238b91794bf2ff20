package workloads

import (
	"math/rand/v2"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/cluster"
	"faultline/cluster/ops"
)

// listAppend is Elle's workload of that name. A list that is read shows all appends before, and their order: nothing tells more of what a
// store does with transactions.
type listAppend struct {
	*liveKeys
	held isolation
}

var listAppends = Info{
	Name:    "list-append",
	Doc:     "transactions that append to lists and read them, at the level of isolation that the store claims (Elle's list-append)",
	Clients: "Clients append unique values to lists and read lists, one to four of them in a transaction, and now and then all lists with a prefix. A list is used up after 32 appends. In the end every list is read near every node.",
	Holds: "No anomaly is found that the level of isolation forbids: the one that the mode of the system claims, or those of " +
		"`--consistency-models`; strict serializability if the mode claims none.",
	Breaks: "Locks that are released early, snapshots that are taken late, validation that is skipped, appends that are lost, done twice " +
		"or seen before they are committed, reads at replicas.",
	Ops:    transactionOps,
	Keyed:  true,
	Models: IsolationLevels,
	Open: func(o Options) Workload {
		return &listAppend{newLiveKeys(o), o.ConsistencyModels}
	},
}

const (
	mostSteps    = 4    // of a transaction
	shareOfScans = 0.05 // of all steps
	shareOfReads = 0.45 // of all steps; the others write
)

func (w *listAppend) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &listAppendThread{draw: c.Draw, keys: w.liveKeys} }},
		ReadNearEachNode(w.readAll),
	}
}

func (w *listAppend) Checkers() []checker.Checker {
	return []checker.Checker{txn.ListAppend(w.held...)}
}

// listAppendThread generates one thread's transactions.
type listAppendThread struct {
	indifferent
	draw *rand.Rand
	keys *liveKeys
}

func (t *listAppendThread) Next() (cluster.Op, bool) {
	steps := make([]ops.Step, 1+t.draw.IntN(mostSteps))
	for i := range steps {
		switch p := t.draw.Float64(); {
		case p < shareOfScans:
			steps[i] = ops.ScanOf(t.keys.scan(t.draw))
		case p < shareOfScans+shareOfReads:
			steps[i] = ops.ReadOf(t.keys.read(t.draw))
		default:
			steps[i] = ops.AppendTo(t.keys.write(t.draw))
		}
	}
	return inTransaction(steps...), true
}
