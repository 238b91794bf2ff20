package workloads

import (
	"math"
	"math/rand/v2"

	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// stream has clients send to one log and consume it, each from its beginning. In the end the log is read near every node, and once
// more by a consumer near every node.
type stream struct {
	end int64 // the largest offset that was acknowledged or read; -1 if there is none
}

var streams = Info{
	Name: "stream",
	Also: []string{"log", "kafka"},
	Doc:  "clients send unique records to a log and consume it; every acknowledged record is everywhere, in order and once",
	Clients: "Clients send unique records to a log, and each consumes it from its beginning. In the end they fetch each node's own copy of the " +
		"log, and consume the log through every node.",
	Holds: "Every acknowledged record is on every node and reaches every consumer, at one offset, in order and once: see [logs and " +
		"watches](#logs-and-watches).",
	Breaks: "A record that is acknowledged before it is replicated, a retry that is appended again, a consumer whose position is set to the " +
		"end.",
	Ops:  []string{ops.Send, ops.Poll, ops.Fetch},
	Open: func(Options) Workload { return &stream{end: -1} },
}

// streamKey is the name of the log.
const streamKey = "log"

// shareOfSends is the share of sends in all operations; the rest are polls.
const shareOfSends = 0.7

func (w *stream) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &streamThread{workload: w, draw: c.Draw, numbers: newNumbers(c.Thread, c.Threads), consumer: follower{f: ops.Poll, key: streamKey}}
		}},
		ReadToTheEnd(ops.Fetch, streamKey, 0, &w.end),
		ReadToTheEnd(ops.Poll, streamKey, 0, &w.end),
	}
}

func (*stream) Checkers() []checker.Checker { return []checker.Checker{delivery.Log()} }

// streamThread is a producer and a consumer.
type streamThread struct {
	numbers
	workload *stream
	draw     *rand.Rand
	consumer follower
}

func (t *streamThread) Next() (cluster.Op, bool) {
	if t.draw.Float64() < shareOfSends {
		return cluster.Op{F: ops.Send, Key: streamKey, Value: history.IntValue(t.unique())}, true
	}
	return t.consumer.op(), true
}

func (t *streamThread) Done(op cluster.Op, out cluster.Outcome) {
	end := &t.workload.end
	if op.F == ops.Poll {
		t.consumer.took(out)
		*end = max(*end, t.consumer.next-1)
	} else if r, err := ops.DecodeRecord(out.Value); err == nil && out.Type == history.OK {
		if r.Offset == ops.Untold {
			r.Offset = math.MaxInt64 - 1 // nobody knows where the end is: readers wait as long as they do for what does not come
		}
		*end = max(*end, r.Offset)
	}
}
