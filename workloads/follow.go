package workloads

import (
	"slices"
	"time"

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

// How often a reader asks in vain at the end if it has not come to the last position that is known, and how long it rests in between: not at
// first, then for a second, and each time twice as long as before, up to a bound. That makes more than the minute after which package
// delivery takes what has not come for lost, whether an answer in vain takes no time or the time-out of a client.
const (
	vainMost  = 9
	restMost  = 16 * time.Second
	firstRest = time.Second
	// othersRest is how long it rests at least that has come to the end, for others to come there too: whoever asks again at once only makes
	// the history longer.
	othersRest = 100 * time.Millisecond
)

// restAfter is how long to rest after so many answers in vain.
func restAfter(vain int) time.Duration {
	if vain < 2 {
		return 0
	}
	return min(firstRest<<(vain-2), restMost)
}

// ending is what readers of the end have in common. A write whose outcome nobody knows may take effect when some of them have come to
// the end already, so they stop together.
type ending struct {
	last    *int64 // the largest position that any client knows of; it is before the first if nobody knows of any
	readers []*toTheEnd
}

// reached reports whether every reader has come to the end, and has asked once more in vain, or has given up.
func (e *ending) reached() bool {
	return !slices.ContainsFunc(e.readers, func(r *toTheEnd) bool { return !r.done && (r.next <= *e.last || r.idle == 0) })
}

// over is called when a reader stops. When all have, nobody needs to wait any more for what none of them could get.
func (e *ending) over() {
	furthest := int64(0)
	for _, r := range e.readers {
		if !r.done {
			return
		}
		furthest = max(furthest, r.next)
	}
	*e.last = min(*e.last, furthest-1)
}

// toTheEnd is a generator that reads all there is, and asks in vain until all others have come to the end.
type toTheEnd struct {
	follower
	ending       *ending
	idle, failed int // since there was something to go on to
	done         bool
}

func (r *toTheEnd) Next() (cluster.Op, bool) {
	if !r.done && r.idle > 0 && r.ending.reached() {
		r.end()
	}
	return r.op(), !r.done
}

// Rest implements Resting.
func (r *toTheEnd) Rest() time.Duration {
	rest := restAfter(max(r.idle, r.failed))
	if r.idle > 0 {
		rest = max(rest, othersRest)
	}
	return rest
}

func (r *toTheEnd) Done(_ cluster.Op, out cluster.Outcome) {
	switch moved := r.took(out); {
	case moved:
		*r.ending.last = max(*r.ending.last, r.next-1)
		r.idle, r.failed = 0, 0
	case out.Type == history.OK:
		if r.idle++; r.idle >= vainMost {
			r.end()
		}
	default:
		if r.failed++; r.failed >= vainMost {
			r.end()
		}
	}
}

func (r *toTheEnd) end() {
	r.done = true
	r.ending.over()
}

// ReadToTheEnd is a phase in which a client near every node reads a feed from its first position on until all of them were told
// everything that any client knows of, and nothing more comes. Nobody begins to write any more.
func ReadToTheEnd(f, key string, first int64, last *int64) Phase {
	e := &ending{last: last}
	return Phase{When: After, Generator: func(c Client) Generator {
		if c.Thread > 0 {
			return nil
		}
		r := &toTheEnd{follower: follower{f: f, key: key, next: first}, ending: e}
		e.readers = append(e.readers, r)
		return r
	}}
}
