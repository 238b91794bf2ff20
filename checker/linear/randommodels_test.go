package linear

import (
	"math/rand/v2"
	"time"

	"faultline/history"
)

// drawModel makes the operations of a small history of a model that works, with answers lost, and then
// spoils some answers and moves some events.
func drawModel(o *oracle, seed uint64, length int) []history.Operation {
	rng := rand.New(rand.NewPCG(seed, 7))
	unique, lost, most := rng.IntN(3) > 0, max(0, rng.IntN(5)-2), int64(0)
	fresh := func() int64 {
		if unique || most < 2 {
			most++
			return most
		}
		return 1 + rng.Int64N(most)
	}
	type call struct {
		op      history.Operation
		applied bool
	}
	calls := make([]*call, 1+rng.IntN(4))
	var events []history.Event
	record := func(c *call, t history.Type, v history.Value) {
		events = append(events, history.Event{Time: time.Duration(len(events)), Process: int(c.op.Process), Type: t, F: c.op.F, Value: v})
	}
	state, open := o.start, 0
	for invoked := 0; invoked < length || open > 0; {
		at := rng.IntN(len(calls))
		c := calls[at]
		switch {
		case c == nil && invoked < length:
			c = &call{op: history.Operation{Process: int32(invoked)}}
			c.op.F, c.op.Input = o.invoke(rng, fresh)
			record(c, history.Invoke, c.op.Input)
			calls[at] = c
			invoked, open = invoked+1, open+1
		case c == nil:
		case !c.applied && rng.IntN(2) == 0:
			if all := o.outcomes(state, c.op.F, c.op.Input); len(all) > 0 {
				chosen := all[rng.IntN(len(all))]
				state, c.op.Output, c.applied = chosen.next, chosen.out, true
			} else {
				record(c, history.Fail, history.Value{})
				calls[at], open = nil, open-1
			}
		case c.applied && rng.IntN(12) >= lost:
			record(c, history.OK, c.op.Output)
			calls[at], open = nil, open-1
		case lost > 0 && rng.IntN(6) < lost: // nobody knows
			record(c, history.Info, history.Value{})
			calls[at], open = nil, open-1
		}
	}
	for range rng.IntN(4) {
		e := &events[rng.IntN(len(events))]
		if e.Type == history.OK {
			e.Value = o.spoil(rng, e.F, e.Value, most)
		} else if e.Type == history.Fail {
			e.Type = history.OK
		}
	}
	for range rng.IntN(2 * len(events)) { // shorten and lengthen intervals
		i := rng.IntN(len(events) - 1)
		early, late := &events[i], &events[i+1]
		if shortens := early.Type == history.Invoke; early.Process != late.Process && (shortens || rng.IntN(3) == 0) {
			*early, *late = *late, *early
			early.Time, late.Time = late.Time, early.Time
		}
	}
	ops, err := history.Operations(events)
	if err != nil {
		panic(err) // the simulation keeps the rules
	}
	return ops
}
