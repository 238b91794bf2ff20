package workloads

import (
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// follower reads a feed, a log or a watch, from one position on, and goes on where the last answer ended.
type follower struct {
	f, key string // the operation, and what it is on
	next   int64  // where to go on
}

func (r *follower) op() cluster.Op {
	return cluster.Op{F: r.f, Key: r.key, Value: history.IntValue(r.next)}
}

// took goes on after an answer, and reports whether there was anything to go on to. What is compacted it skips.
func (r *follower) took(out cluster.Outcome) bool {
	next := r.next
	if first, ok := out.Value.Int(); ok && out.Type == history.Fail && out.Error == ops.Compacted {
		next = first
	}
	if out.Type == history.OK {
		next = last(r.f, out.Value) + 1
	}
	moved := next > r.next
	r.next = max(r.next, next)
	return moved
}

// last is the largest position in an answer; -1 if it has none, or cannot be read.
func last(f string, answer history.Value) int64 {
	largest := int64(-1)
	if f == ops.Watch {
		events, _ := ops.DecodeEvents(answer)
		for _, e := range events {
			largest = max(largest, e.Revision)
		}
		return largest
	}
	records, _ := ops.DecodeRecords(answer)
	for _, r := range records {
		largest = max(largest, r.Offset)
	}
	return largest
}

// The bounds on asking in vain at the end, for a reader that has not come to the last position that is known. An answer in
// vain takes the time-out of a client, which is a second or more: that makes the minute after which package delivery takes what has
// not come for lost. An error may take no time at all.
const (
	idleMost   = 75
	failedMost = 75
)

// toTheEnd is a generator that reads all there is, and then asks once more in vain. The end is the largest position that any
// client knows of; it is before the first if nobody knows of any.
type toTheEnd struct {
	follower
	end          *int64
	idle, failed int
	done         bool
}

func (r *toTheEnd) Next() (cluster.Op, bool) { return r.op(), !r.done }

func (r *toTheEnd) Done(_ cluster.Op, out cluster.Outcome) {
	switch moved := r.took(out); {
	case moved:
		*r.end = max(*r.end, r.next-1)
		r.idle, r.failed = 0, 0
	case out.Type == history.OK:
		r.idle++
		r.done = r.next > *r.end || r.idle >= idleMost
	default:
		r.failed++
		r.done = r.failed >= failedMost
	}
}

// ReadToTheEnd is a phase in which a client near every node reads a feed from its first position on until it was told everything that
// any client knows of. Nobody may write any more.
func ReadToTheEnd(f, key string, first int64, end *int64) Phase {
	return Phase{When: After, Generator: func(c Client) Generator {
		if c.Thread > 0 {
			return nil
		}
		return &toTheEnd{follower: follower{f: f, key: key, next: first}, end: end}
	}}
}
