package workloads

import (
	"faultline/checker"
	"faultline/cluster"
	"faultline/history"
)

// readWrite is the workload register for stores that cannot compare and set: a register that is only read and written can be had
// without consensus (Attiya, Bar-Noy and Dolev 1995), and one with compare-and-set cannot (Herlihy 1991).
type readWrite struct {
	hotKey
	keys    []string
	promise promise
}

var readsAndWrites = Info{
	Name:    "read-write",
	Doc:     "reads and writes of unique values on many registers, each linearizable; for stores without compare-and-set",
	Clients: "Clients read independent registers and write unique values to them. In the end they read every register through every node.",
	Holds:   "As for `register`.",
	Breaks: "Quorums without a write-back, where one read sees a write in progress and a later one does not; last write wins by clocks that " +
		"differ.",
	Ops:    []string{"read", "write"},
	Keyed:  true,
	Models: RegisterModels,
	Open: func(o Options) Workload {
		return &readWrite{hotKey: hotKey{usual: o.HotKey}, promise: promised(o), keys: keyNames(o)}
	},
}

// shareOfBlindWrites is the share of writes in all operations; the rest are reads.
const shareOfBlindWrites = 0.35

func (w *readWrite) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &readWriteThread{newThread(c), w}
		}},
		ReadNearEachNode(func() []cluster.Op { return readsOf("", w.keys) }),
	}
}

func (w *readWrite) Checkers() []checker.Checker { return w.promise.checkers() }

// readWriteThread generates one thread's operations.
type readWriteThread struct {
	thread
	workload *readWrite
}

func (t *readWriteThread) Next() (cluster.Op, bool) {
	op := cluster.Op{F: "read", Key: t.workload.pickKey(t.draw, t.workload.keys)}
	if t.draw.Float64() < shareOfBlindWrites {
		op.F, op.Value = "write", history.IntValue(t.unique())
	}
	return op, true
}
