package workloads

import (
	"faultline/checker"
	"faultline/checker/visibility"
	"faultline/cluster"
	"faultline/cluster/ops"
)

// monotonic has clients increase counters and read them, and asks of each client alone whether what it sees ever shrinks.
type monotonic struct {
	hotKey
	keys []string
}

var monotonicCounters = Info{
	Name:    "monotonic",
	Doc:     "clients increment counters and read them; no client sees a count shrink",
	Clients: "Clients increment counters, which returns the count, and read them.",
	Holds: "A client never sees a smaller count than before, and an increment returns a larger one. What other clients have seen does not " +
		"matter.",
	Breaks: "Reads of one replica after another, a session that moves to a node that is behind, acknowledged increments that are lost.",
	Ops:    []string{ops.Of(ops.Counter, ops.Increase), ops.Of(ops.Counter, ops.Read)},
	Keyed:  true,
	Open: func(o Options) Workload {
		return &monotonic{hotKey: hotKey{usual: o.HotKey}, keys: keyNames(o)}
	},
}

func (w *monotonic) Phases() []Phase {
	return []Phase{{When: During, Generator: func(c Client) Generator { return &monotonicThread{newThread(c), w} }}}
}

func (*monotonic) Checkers() []checker.Checker { return []checker.Checker{visibility.Monotonic()} }

// monotonicThread increases and reads.
type monotonicThread struct {
	thread
	workload *monotonic
}

func (t *monotonicThread) Next() (cluster.Op, bool) {
	op := cluster.Op{Object: ops.Counter, F: ops.Read, Key: t.workload.pickKey(t.draw, t.workload.keys)}
	if t.draw.Float64() >= shareOfCounts {
		op.F = ops.Increase
	}
	return op, true
}
