package exact

import "faultline/checker/txn/internal/wr"

// unfold makes each step of a history a transaction, and each transaction the session of its steps, as Adya (1999) does to define monotonic
// view: what a read has seen is what the steps before it have. Reads of what the transaction itself has written are left out. Of gives the
// transaction of each step.
func unfold(h *wr.History) (steps *wr.History, of []int32) {
	steps = &wr.History{Keys: h.Keys, Events: make([]wr.Event, 0, len(h.Events))}
	writer := map[written]int32{}
	joined := h.Joined
	for t := range int32(h.Len()) {
		begun := false // a step, of which this event may be
		for i := h.First[t]; i < h.First[t+1]; i++ {
			if with := len(joined) > 0 && joined[0] == i; with {
				joined = joined[1:]
			} else {
				begun = false
			}
			e := h.Events[i]
			if _, own := writer[written{t, e.Key}]; own {
				continue
			}
			if !begun {
				begun = true
				steps.First = append(steps.First, int32(len(steps.Events)))
				steps.Session, of = append(steps.Session, t), append(of, t)
				if h.Begin != nil {
					steps.Begin, steps.End = append(steps.Begin, h.Begin[t]), append(steps.End, h.End[t])
				}
			}
			steps.Events = append(steps.Events, e)
			if e.IsWrite() {
				writer[written{t, e.Key}] = int32(len(of)) - 1
			}
		}
	}
	steps.First = append(steps.First, int32(len(steps.Events)))
	for i := range steps.Events {
		if e := &steps.Events[i]; e.From >= 0 {
			e.From = writer[written{e.From, e.Key}]
		}
	}
	for key, writers := range h.Ordered {
		steps.Ordered = append(steps.Ordered, nil)
		for _, t := range writers {
			steps.Ordered[key] = append(steps.Ordered[key], writer[written{t, int32(key)}])
		}
	}
	return steps, of
}

// written is what a transaction writes to a key.
type written struct{ by, key int32 }

// lastSteps are, of each step, the last one of its session.
func lastSteps(h *wr.History) []int32 {
	last := make([]int32, h.Len())
	for i := len(last) - 1; i >= 0; i-- {
		last[i] = int32(i)
		if i+1 < len(last) && h.Session[i] == h.Session[i+1] {
			last[i] = last[i+1]
		}
	}
	return last
}

// folded is a result in the transactions of which its own are the steps.
func (r *Result) folded(of []int32) *Result {
	for i := range r.Core {
		r.Core[i] = of[r.Core[i]]
	}
	r.Core = union(r.Core)
	r.Proof.fold(of)
	return r
}

func (c *Case) fold(of []int32) {
	if c == nil {
		return
	}
	for i := range c.Cycle {
		c.Cycle[i].From, c.Cycle[i].To = of[c.Cycle[i].From], of[c.Cycle[i].To]
	}
	c.First, c.Second = of[c.First], of[c.Second]
	c.Either.fold(of)
	c.Or.fold(of)
}
