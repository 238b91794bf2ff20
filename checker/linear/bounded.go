package linear

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/timebound"
)

// Bounded decides whether the operations are linearizable, except that each read may see the object as it was up to a
// given time before the read was invoked. It is Δ-atomicity (Golab, Li and Shah, Analyzing Consistency Properties for Fun and Profit,
// PODC 2011): a history is Δ-atomic if and only if it is linearizable once each read is invoked Δ earlier. The times
// of events count here. Without any the answer is unknown.
func Bounded(m Model, ops []history.Operation, staleness time.Duration, opts checker.Options) checker.Part {
	opts = opts.WithDefaults()
	c := newClock(opts.Timeout).Until(opts.Done)
	part := checker.Part{Name: checker.StalenessPart, Model: m.name, Operations: len(ops)}
	if !Timed(ops) {
		part.Reason = "the events have no times"
		return part
	}
	var moved []history.Operation
	var places *places
	if !c.Within(func() { moved, places = earlierReads(ops, staleness, c) }) {
		part.Reason = outOfTimeToRead
		return part
	}
	part = decideAs(part.Name, m, moved, opts, c)
	if part.Validity == checker.Invalid {
		part.Reason = fmt.Sprintf("with reads that may see what was %v before them, %s", staleness, part.Reason)
	}
	for _, f := range part.Findings {
		places.putBack(f.Operations)
	}
	return part
}

// Timed reports whether operations have times: some other than 0, if there are any at all.
func Timed(ops []history.Operation) bool {
	return len(ops) == 0 || slices.ContainsFunc(ops, func(op history.Operation) bool { return op.Invoke != 0 || op.Return != 0 })
}

// LeastStaleness is the smallest bound, in milliseconds, for which Bounded is not certainly invalid; false if it is for every
// bound. It is found by halves: what is Δ-atomic is so for each larger Δ.
func LeastStaleness(m Model, ops []history.Operation, opts checker.Options) (staleness time.Duration, ok bool) {
	opts = opts.WithDefaults()
	m, err := m.Beginning(opts.Initial)
	if err != nil {
		return 0, false
	}
	clock := newClock(opts.Timeout).Until(opts.Done)
	refuted := func(bound time.Duration) bool {
		var moved []history.Operation
		if !clock.Within(func() { moved, _ = earlierReads(ops, bound, clock) }) {
			return false
		}
		r := arenas.Get().(*arena)
		all, inTime := subjects(&m, moved, clock, r)
		if !inTime {
			return false
		}
		decideAll(all, clock, opts.Memory)
		r.leave()
		return slices.ContainsFunc(all, isInvalid)
	}
	last := time.Duration(0)
	for i := range ops {
		last = max(last, ops[i].Invoke)
	}
	if !refuted(0) {
		return 0, true
	}
	low, high := time.Duration(0), last/time.Millisecond+1
	if refuted(high * time.Millisecond) {
		return 0, false
	}
	for high-low > 1 {
		if middle := (low + high) / 2; refuted(middle * time.Millisecond) {
			low = middle
		} else {
			high = middle
		}
	}
	return high * time.Millisecond, true
}

// earlierReads are the operations with reads invoked so much earlier, in the order of invocation that makes, and
// where their events went. Only positions change: the times stay what they were, for people.
func earlierReads(ops []history.Operation, by time.Duration, c *clock) ([]history.Operation, *places) {
	c.Spend(len(ops))
	moved := slices.Clone(ops)
	events := make([]endpoint, 0, 2*len(ops))
	for i := range c.UpTo(len(moved)) {
		op := &moved[i]
		invoke, early := op.Invoke, op.F == "read"
		if early {
			invoke = max(0, invoke-by)
		}
		events = append(events, endpoint{invoke, early, op.Invoked, &op.Invoked})
		if op.Returned >= 0 {
			events = append(events, endpoint{op.Return, false, op.Returned, &op.Returned})
		}
	}
	timebound.SortFunc(c, events, endpoint.compare)
	for i, e := range events {
		*e.place = int32(i)
	}
	timebound.SortFunc(c, moved, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return moved, newPlaces(events)
}

// endpoint is the invocation or the return of an operation.
type endpoint struct {
	at       time.Duration
	early    bool // of a read: it comes before all else at its time, for the bound is part of what is allowed
	position int32
	place    *int32 // where its position is kept
}

func (e endpoint) compare(f endpoint) int {
	switch {
	case e.at != f.at:
		return cmp.Compare(e.at, f.at)
	case e.early != f.early && e.early:
		return -1
	case e.early != f.early:
		return 1
	default:
		return cmp.Compare(e.position, f.position)
	}
}

// places say where the events of a history are once some of them were moved.
type places struct {
	was []int32 // the position in the history of each event that was put in order
	to  []int32 // where each position of the history has gone; for one that was moved, or is no client's, where the next one is
}

func newPlaces(events []endpoint) *places {
	p := &places{was: make([]int32, len(events))}
	last := int32(-1)
	for _, e := range events {
		last = max(last, e.position)
	}
	p.to = slices.Repeat([]int32{int32(len(events))}, int(last)+2)
	for i, e := range events {
		p.was[i] = e.position
		if !e.early {
			p.to[e.position] = int32(i)
		}
	}
	for i := len(p.to) - 2; i >= 0; i-- {
		p.to[i] = min(p.to[i], p.to[i+1])
	}
	return p
}

// putBack tells operations by their positions in the history.
func (p *places) putBack(ops []checker.Involved) {
	for i := range ops {
		ops[i].Invoked = int(p.was[ops[i].Invoked])
		if ops[i].Returned >= 0 {
			ops[i].Returned = int(p.was[ops[i].Returned])
		}
	}
}

// of is where a position of the history is now.
func (p *places) of(position int) int { return int(p.to[min(position, len(p.to)-1)]) }
