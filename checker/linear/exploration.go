package linear

import (
	"time"

	"faultline/checker"
	"faultline/history"
)

// Exploration is what porcupine tried on the operations of a finding.
type Exploration struct {
	Operations []int            // where they are in those of the history
	Validity   checker.Validity // Unknown if it met its bounds
	Orders     []PartialOrder   // the longest ones first; if there is no order of all, each ends where it gets stuck
}

// PartialOrder is an order of some of the operations.
type PartialOrder []OrderStep

// OrderStep is an operation that takes effect.
type OrderStep struct {
	Operation int    // position in those of the history
	State     string // of the object afterwards, for people: "3", or "3 or 4" if a pending operation leaves it open
}

// ordersShown bounds the orders of an exploration. Nobody steps through more.
const ordersShown = 50

// Explore lets porcupine order the operations that a finding speaks of, all on its object if it names none, and shows how far it came.
// If staleness is above 0, reads may see the object as it was so much before they were invoked, see Bounded.
func Explore(m Model, ops []history.Operation, f checker.Finding, staleness time.Duration, opts checker.Options) Exploration {
	opts = opts.WithDefaults()
	c := newClock(opts.Timeout).Until(opts.Done)
	some := involvedIn(ops, f)
	e := Exploration{Operations: some.rows}
	m, err := m.Beginning(opts.Initial)
	if err != nil {
		return e
	}
	o, _, invoked := some.object(&m, staleness, c)
	if o == nil {
		return e
	}
	q := o.asQuestion(c.Another(c.Left()*tryingTime/5), opts.Memory)
	answer, info := q.porcupineShows(q.operations)
	e.Validity = answer
	again := o.asQuestion(c, opts.Memory)
	for _, orders := range info.PartialLinearizations() {
		for _, order := range longest(orders) {
			steps := again.steps(order, func(item int) int { return some.row[invoked(item)] })
			if len(e.Orders) == ordersShown || again.exhausted.Load() {
				return e
			}
			e.Orders = append(e.Orders, steps)
		}
	}
	return e
}

// tryingTime is the part of the time, of 5, in which porcupine tries orders. The rest is for the states that they lead through.
const tryingTime = 4

// steps are the states that an order of items leads through.
func (q *question) steps(order []int, operation func(item int) int) PartialOrder {
	state := q.model.Init()
	steps := make(PartialOrder, len(order))
	for k, item := range order {
		_, state = q.model.Step(state, q.operations[item].Input, nil)
		steps[k] = OrderStep{Operation: operation(item), State: q.model.DescribeState(state)}
	}
	return steps
}
