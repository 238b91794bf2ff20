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
	Doc:     "clients increase counters and read them; no client sees a count shrink",
	Clients: "Clients increase counters by one, which tells them the count, and read them.",
	Holds:   "To a client a count never becomes less than it has seen, and an increase makes it more. What others have seen does not matter.",
	Breaks:  "Reads of one replica after another, a session that moves to a node that is behind, acknowledged increases that are lost.",
	Ops:     []string{ops.Of(ops.Counter, ops.Increase), ops.Of(ops.Counter, ops.Read)},
	Keyed:   true,
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
