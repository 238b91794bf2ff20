package workloads

import (
	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/sets"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// set has clients add unique elements to sets, and read them: Jepsen's workloads set and set-full in one. In the end every set is read
// near every node.
type set struct {
	hotKey
	keys     []string
	eventual bool
}

var growingSets = Info{
	Name:    "set",
	Also:    []string{"set-full"},
	Doc:     "clients add unique elements to sets and read them; every later read has every acknowledged element",
	Clients: "Clients add unique elements to sets and read them. In the end they read every set through every node.",
	Holds: "An element whose add was acknowledged, or that was read, is in every read that begins later. No element is there that was not " +
		"added, and none is there twice. The reads of a set can also be ordered. With `--consistency-models eventual` a read may lack " +
		"what a later one has.",
	Breaks: "Sets kept as one value that is read and written back, results cut off at a page, reads of a replica that is behind.",
	Ops:    []string{ops.Of(ops.Set, ops.Add), ops.Of(ops.Set, ops.Read)},
	Keyed:  true,
	Models: EventualModel,
	Open: func(o Options) Workload {
		return &set{hotKey: hotKey{usual: o.HotKey}, keys: keyNames(o), eventual: len(o.ConsistencyModels) > 0}
	},
}

// shareOfSetReads is the share of reads in all operations; the rest are adds. A read returns all there is, so there are few.
const shareOfSetReads = 0.15

func (w *set) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &setThread{newThread(c), w} }},
		ReadNearEachNode(func() []cluster.Op { return readsOf(ops.Set, w.keys) }),
	}
}

// Checkers judge each element, and unless a read may be stale also that all reads together have an order.
func (w *set) Checkers() []checker.Checker {
	if w.eventual {
		return []checker.Checker{sets.Full(sets.Options{})}
	}
	return []checker.Checker{sets.Full(sets.Options{Linearizable: true}), linear.Checker(linear.Set())}
}

// setThread adds and reads.
type setThread struct {
	thread
	workload *set
}

func (t *setThread) Next() (cluster.Op, bool) {
	op := cluster.Op{Object: ops.Set, F: ops.Read, Key: t.workload.pickKey(t.draw, t.workload.keys)}
	if t.draw.Float64() >= shareOfSetReads {
		op.F, op.Value = ops.Add, history.IntValue(t.unique())
	}
	return op, true
}
