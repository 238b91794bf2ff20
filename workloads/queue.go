package workloads

import (
	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/queues"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// queue has clients put unique elements into queues and take them out. In the end every queue is emptied: that is what a drain does, an
// element at a time, so that its order can be judged too.
//
// A dequeue that ended in info may have taken an element out or not, and may yet do so. Where many are pending on one queue nothing but a
// search through all of that decides it. So another queue takes its place.
type queue struct {
	hotKey
	queues renewed
	judges []checker.Checker
}

var fifoQueues = Info{
	Name: "queue",
	Also: []string{"total-queue"},
	Doc:  "clients enqueue unique elements and dequeue them; every element comes out once, in order",
	Clients: "Clients enqueue unique elements and dequeue them. After an operation with an unknown outcome they go on with another queue. In " +
		"the end they empty every queue.",
	Holds:  "Every enqueued element comes out once, and nothing else does; each queue is linearizable, first in, first out.",
	Breaks: "A dequeue that is repeated because its answer was lost, a retry that enqueues again, an element that two leaders hand out.",
	Ops:    []string{ops.Of(ops.Queue, ops.Enqueue), ops.Of(ops.Queue, ops.Dequeue)},
	Keyed:  true,
	Open: func(o Options) Workload {
		return newQueue(o, queues.Total(), linear.Checker(linear.FIFOQueue()))
	},
}

var atLeastOnceQueues = Info{
	Name:    "at-least-once-queue",
	Doc:     "clients enqueue unique elements and dequeue them; every element comes out, once or more, in any order",
	Clients: "As in `queue`.",
	Holds:   "Every enqueued element comes out, and nothing else does. An element that comes out twice is counted, and is not a violation.",
	Breaks:  "An element that is acknowledged before it is replicated, or removed before its consumer has it.",
	Ops:     fifoQueues.Ops,
	Keyed:   true,
	Open: func(o Options) Workload {
		return newQueue(o, queues.AtLeastOnce())
	},
}

func newQueue(o Options, judges ...checker.Checker) Workload {
	return &queue{hotKey: hotKey{usual: o.HotKey}, queues: newRenewed("q", o), judges: judges}
}

// shareOfEnqueues is the share of enqueues in all operations; the rest are dequeues. There are a few more, so that queues are seldom empty.
const shareOfEnqueues = 0.52

func (w *queue) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &queueThread{newThread(c), w} }},
		{When: After, Generator: func(c Client) Generator {
			return &emptying{queues: shared(w.queues.all(), c.Node*c.Threads+c.Thread, c.Nodes*c.Threads)}
		}},
	}
}

func (w *queue) Checkers() []checker.Checker { return w.judges }

// queueThread is a producer and a consumer.
type queueThread struct {
	thread
	workload *queue
}

func (t *queueThread) Next() (cluster.Op, bool) {
	key := t.workload.pickKey(t.draw, t.workload.queues.inUse)
	if t.draw.Float64() < shareOfEnqueues {
		return cluster.Op{Object: ops.Queue, F: ops.Enqueue, Key: key, Value: history.IntValue(t.unique())}, true
	}
	return dequeue(key), true
}

func (t *queueThread) Done(op cluster.Op, out cluster.Outcome) {
	if out.Type == history.Info {
		t.workload.queues.giveUp(op.Key)
	}
}

func dequeue(key string) cluster.Op {
	return cluster.Op{Object: ops.Queue, F: ops.Dequeue, Key: key}
}

// emptying takes elements out of queues until it finds each of them empty.
type emptying struct {
	queues []string // those that are left
	failed int
}

func (e *emptying) Next() (cluster.Op, bool) {
	if len(e.queues) == 0 || e.failed >= failedMost {
		return cluster.Op{}, false
	}
	return dequeue(e.queues[0]), true
}

func (e *emptying) Done(_ cluster.Op, out cluster.Outcome) {
	_, found := out.Value.Int()
	switch {
	case out.Type != history.OK:
		e.failed++
	case !found:
		e.queues = e.queues[1:]
	}
}
