package workloads

import (
	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/totals"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// counter has clients add to counters and read them.
type counter struct {
	hotKey
	keys []string
}

var counters = Info{
	Name:    "counter",
	Doc:     "clients add to counters and read them; a read counts every earlier add, and none twice",
	Clients: "Clients add small numbers to counters and read them. In the end they read every counter through every node.",
	Holds: "Each counter is linearizable. A read therefore returns at least the sum acknowledged before it and at most the sum of all adds " +
		"begun.",
	Breaks: "A retry that adds again, a counter that is read, increased and written back, a read of a replica that is behind.",
	Ops:    []string{ops.Of(ops.Counter, ops.Add), ops.Of(ops.Counter, ops.Read)},
	Keyed:  true,
	Open: func(o Options) Workload {
		return &counter{hotKey: hotKey{usual: o.HotKey}, keys: keyNames(o)}
	},
}

const (
	shareOfCounts = 0.40 // of all operations; the rest are adds
	addsMost      = 5    // what is added is 1 to this
)

func (w *counter) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &counterThread{newThread(c), w} }},
		ReadNearEachNode(func() []cluster.Op { return readsOf(ops.Counter, w.keys) }),
	}
}

func (*counter) Checkers() []checker.Checker {
	return []checker.Checker{totals.Counter(), linear.Checker(linear.Counter())}
}

// counterThread adds and reads.
type counterThread struct {
	thread
	workload *counter
}

func (t *counterThread) Next() (cluster.Op, bool) {
	op := cluster.Op{Object: ops.Counter, F: ops.Read, Key: t.workload.pickKey(t.draw, t.workload.keys)}
	if t.draw.Float64() >= shareOfCounts {
		op.F, op.Value = ops.Add, history.IntValue(1+t.draw.Int64N(addsMost))
	}
	return op, true
}
