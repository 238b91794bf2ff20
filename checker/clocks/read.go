package clocks

import (
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/cases"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/timebound"
)

// stability is the rule that a node's past does not change.
const stability = "stability"

// none is no event.
const none = -1

// event is one of a node.
type event struct {
	ops.Stamped
	node  int32
	place int32 // among the events of the node, from 1 on
	sent  int32 // of a receipt the event that sent the message; none if nobody has read it
	told  int32 // the operation that first told of it
}

// record is a history taken apart.
type record struct {
	clock      *timebound.Clock
	operations []history.Operation
	names      []string
	events     []event
	of         [][]int32 // node → its events, in order
	cases      cases.Cases
}

// read takes a history apart.
func read(in checker.Input, clock *timebound.Clock) (*record, error) {
	r := &record{clock: clock, operations: in.Operations}
	for i := range clock.UpTo(len(r.operations)) {
		op := &r.operations[i]
		if op.F != ops.Stamps || op.Outcome != history.OK {
			continue
		}
		if err := r.reading(int32(i), op); err != nil {
			return nil, fmt.Errorf("process %d's stamps at %v: %w", op.Process, op.Invoke, err)
		}
	}
	return r, nil
}

func (r *record) reading(i int32, op *history.Operation) error {
	from, err := ops.DecodePosition(op.Input)
	if err != nil {
		return err
	}
	all, err := ops.DecodeStamps(op.Output)
	if err != nil {
		return err
	}
	n := r.node(op.Where())
	if from > len(r.of[n]) {
		return fmt.Errorf("it asks for events from position %d on, and nobody has asked before for those of %s from position %d on", from, op.Where(), len(r.of[n]))
	}
	for k, s := range all {
		r.clock.Spend(1)
		if place := from + k; place < len(r.of[n]) {
			r.same(&r.events[r.of[n][place]], s, i)
			continue
		}
		r.of[n] = append(r.of[n], int32(len(r.events)))
		r.events = append(r.events, event{Stamped: s, node: n, place: int32(len(r.of[n])), sent: none, told: i})
	}
	if end := from + len(all); end < len(r.of[n]) {
		r.forgotten(&r.events[r.of[n][end]], i)
	}
	return nil
}

// same judges that a node tells the same of an event as before.
func (r *record) same(was *event, s ops.Stamped, told int32) {
	if was.Encode().String() != s.Encode().String() {
		now := event{Stamped: s}
		r.broken(stability, r.names[was.node], []int32{was.told, told}, "as its event %d %s had %s %v at %v, and later %s %v at %v",
			was.place, r.names[was.node], was.verb(), was.Message, was.Clocks, now.verb(), s.Message, s.Clocks)
	}
}

// forgotten judges that a node that does not tell of an event had not told of it before it was asked.
func (r *record) forgotten(was *event, asked int32) {
	if r.operations[was.told].Returned < r.operations[asked].Invoked {
		r.broken(stability, r.names[was.node], []int32{was.told, asked}, "as its event %d %s had %s %v, and later none", was.place, r.names[was.node], was.verb(), was.Message)
	}
}

// match finds the sending of each message that was received. It is an error if a message was sent twice.
func (r *record) match() error {
	sent := map[string]int32{}
	for i := range r.clock.UpTo(len(r.events)) {
		if e := &r.events[i]; !e.Received {
			message := e.Message.String()
			if _, twice := sent[message]; twice {
				return fmt.Errorf("%s was sent twice", message)
			}
			sent[message] = int32(i)
		}
	}
	for i := range r.clock.UpTo(len(r.events)) {
		if e := &r.events[i]; e.Received {
			if k, ok := sent[e.Message.String()]; ok {
				e.sent = k
			}
		}
	}
	return nil
}

func (r *record) node(name string) int32 {
	i := slices.Index(r.names, name)
	if i < 0 {
		i = len(r.names)
		r.names, r.of = append(r.names, name), append(r.of, nil)
	}
	return int32(i)
}

// verb is what a node did to a message.
func (e *event) verb() string {
	if e.Received {
		return "received"
	}
	return "sent"
}

// order is all events in an order in which each comes after those that happened before it. If there is none, as a message was received before it
// was sent, those of which that cannot be said come last, and it is not acyclic.
func (r *record) order() (all []int32, acyclic bool) {
	next := make([]int, len(r.of)) // of each node: how many of its events are in the order
	done := func(i int32) bool { e := &r.events[i]; return next[e.node] >= int(e.place) }
	for moved := true; moved; {
		moved = false
		for n := range r.of {
			for next[n] < len(r.of[n]) {
				i := r.of[n][next[n]]
				if e := &r.events[i]; e.sent != none && !done(e.sent) {
					break
				}
				r.clock.Spend(1)
				all = append(all, i)
				next[n]++
				moved = true
			}
		}
	}
	acyclic = len(all) == len(r.events)
	for n, of := range r.of {
		all = append(all, of[next[n]:]...)
	}
	return all, acyclic
}
