package workloads

import (
	"math/rand/v2"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/cluster"
	"faultline/cluster/ops"
)

// lostUpdate has transactions read a list and append to it, as who reads a number and increases it does.
type lostUpdate struct {
	*liveKeys
	held isolation
}

var lostUpdates = Info{
	Name:    "lost-update",
	Doc:     "transactions that read a list and then append to it; no two replace the same version unless the level permits it",
	Clients: "Clients read a list and append to it in one transaction, sometimes two lists at once. Others only read. In the end every list is read near every node.",
	Holds:   "As for `list-append`. Two transactions that read the same version and both replace it have lost an update (P4).",
	Breaks:  "Read committed where an application reads, adds and writes; locks that are taken for the write and not for the read; validation that is skipped.",
	Ops:     transactionOps,
	Keyed:   true,
	Models:  IsolationLevels,
	Open: func(o Options) Workload {
		return &lostUpdate{newLiveKeys(o), o.ConsistencyModels}
	},
}

// The shares of transactions that only read, and of those that update two keys.
const (
	shareOfPlainReads = 0.20
	shareOfTwoUpdates = 0.20
)

func (w *lostUpdate) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &lostUpdateThread{draw: c.Draw, keys: w.liveKeys} }},
		ReadNearEachNode(w.readAll),
	}
}

func (w *lostUpdate) Checkers() []checker.Checker {
	return []checker.Checker{txn.ListAppend(w.held...)}
}

// lostUpdateThread generates one thread's transactions.
type lostUpdateThread struct {
	indifferent
	draw *rand.Rand
	keys *liveKeys
}

func (t *lostUpdateThread) Next() (cluster.Op, bool) {
	p := t.draw.Float64()
	if p < shareOfPlainReads {
		return inTransaction(ops.ReadOf(t.keys.read(t.draw))), true
	}
	steps := t.update(nil)
	if p < shareOfPlainReads+shareOfTwoUpdates {
		steps = t.update(steps)
	}
	return inTransaction(steps...), true
}

// update reads a list and appends to it.
func (t *lostUpdateThread) update(steps []ops.Step) []ops.Step {
	update := ops.AppendTo(t.keys.write(t.draw))
	return append(steps, ops.ReadOf(update.Key), update)
}
