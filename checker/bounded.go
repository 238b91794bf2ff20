package checker

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"faultline/history"
)

// Bounded decides whether the operations are linearizable but for reads, each of which may see the object as it was up to
// a time before it was invoked. It is Δ-atomicity (Golab, Li and Shah, Analyzing Consistency Properties for Fun and Profit,
// PODC 2011): a history is Δ-atomic if and only if it is linearizable once each read is invoked Δ earlier. The times
// of events count here, and must not decrease.
func Bounded(m Model, ops []history.Operation, staleness time.Duration, opts Options) (Part, []Counterexample) {
	part, examples := Linearizable(m, earlierReads(ops, staleness), opts)
	part.Name = "bounded staleness"
	if part.Validity == Invalid {
		part.Reason = fmt.Sprintf("with reads that may see what was %v before them, %s", staleness, part.Reason)
	}
	return part, examples
}

// earlierReads are the operations with reads invoked so much earlier, in the order of invocation that makes.
func earlierReads(ops []history.Operation, by time.Duration) []history.Operation {
	moved := slices.Clone(ops)
	events := make([]endpoint, 0, 2*len(ops))
	for i := range moved {
		op := &moved[i]
		at := endpoint{at: op.Invoke, position: op.Invoked, place: &op.Invoked}
		if op.F == "read" {
			op.Invoke = max(0, op.Invoke-by)
			at.at, at.early = op.Invoke, true
		}
		events = append(events, at)
		if op.Returned >= 0 {
			events = append(events, endpoint{at: op.Return, position: op.Returned, place: &op.Returned})
		}
	}
	slices.SortFunc(events, endpoint.compare)
	for i, e := range events {
		*e.place = i
	}
	slices.SortFunc(moved, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return moved
}

// endpoint is the invocation or the return of an operation.
type endpoint struct {
	at       time.Duration
	early    bool // of a read: it comes before all else at its time, for the bound is part of what is allowed
	position int
	place    *int // where its position is kept
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
