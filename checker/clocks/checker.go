package clocks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/checker/internal/cases"
	"faultline/checker/internal/intime"
	"faultline/cluster/logical"
	"faultline/internal/nearest"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "clocks"

// The clocks.
const (
	Vector   = "vector-clock"
	Lamport  = "lamport-clock"
	Hybrid   = "hybrid-clock"
	Physical = "physical-clock"
)

// Names are those of all clocks.
func Names() []string { return []string{Vector, Hybrid, Lamport, Physical} }

// Logical are those of which events that happened before each other have growing times, whatever physical clocks show.
func Logical() []string { return []string{Vector, Hybrid, Lamport} }

// Known is the name of a clock. The error says which there are.
func Known(name string) (string, error) {
	if !slices.Contains(Names(), name) {
		return "", fmt.Errorf("unknown clock %q; %s", name, nearest.Hint(name, Names(), "there are"))
	}
	return name, nil
}

// Checker asks whether some clocks keep the order of what happened before what.
func Checker(names ...string) checker.Checker { return ticking{names} }

type ticking struct{ names []string }

func (ticking) Name() string { return Part }

func (c ticking) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	return intime.Judge(ctx, o, Part, func(clock *timebound.Clock) checker.Part { return c.judge(in, clock) })
}

func (c ticking) judge(in checker.Input, clock *timebound.Clock) checker.Part {
	part := checker.Part{Name: Part}
	r, err := read(in, clock)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	part.Objects, part.Operations = len(r.names), len(r.operations)
	err = r.judge(c.names)
	found := r.cases.Findings()
	if err != nil && len(found) == 0 {
		part.Reason = err.Error()
		return part
	}
	return part.Judged(found, fmt.Sprintf("%s of %s keep the order of what happened before what: %s", strings.Join(c.names, ", "),
		wording.Count(len(r.names), "node"), wording.Count(len(r.events), "event")))
}

// judge judges some clocks. The error says why they cannot be judged; what is known of the stability of events it does not change.
func (r *record) judge(names []string) error {
	if err := r.match(); err != nil {
		return err
	}
	order, acyclic := r.order()
	for _, name := range names {
		r.implication(name, order)
	}
	if !acyclic {
		return errors.New("messages were received before they were sent")
	}
	if slices.Contains(names, Vector) {
		r.converse(order)
	}
	if !slices.ContainsFunc(r.events, func(e event) bool { return r.previous(&e) != none || e.sent != none }) {
		return errors.New("no event was read that happened before another")
	}
	return nil
}

// kind is a kind of clock: whether it says that one reading comes before another, and how it is shown.
type kind struct {
	before func(a, b logical.Reading) bool
	shows  func(logical.Reading) string
}

var kinds = map[string]kind{
	Lamport: {func(a, b logical.Reading) bool { return a.Lamport < b.Lamport },
		func(r logical.Reading) string { return fmt.Sprint(r.Lamport) }},
	Hybrid: {func(a, b logical.Reading) bool { return a.Hybrid.Compare(b.Hybrid) < 0 },
		func(r logical.Reading) string { return r.Hybrid.String() }},
	Vector: {func(a, b logical.Reading) bool { return a.Vector.Compare(b.Vector) == logical.Before },
		func(r logical.Reading) string { return r.Vector.String() }},
	Physical: {func(a, b logical.Reading) bool { return a.Wall <= b.Wall },
		func(r logical.Reading) string { return r.Wall.String() }},
}

// implication judges that a clock shows more at each event than at those right before it: that of the same node, and the sending of what is
// received.
func (r *record) implication(name string, order []int32) {
	for _, i := range order {
		e := &r.events[i]
		r.clock.Spend(2)
		if before := e.sent; before != none && !kinds[name].before(r.events[before].Clocks, e.Clocks) {
			a := &r.events[before]
			r.broken(name, r.names[e.node], []int32{a.told, e.told}, "%s %s, and %s", r.names[a.node], a.describe(name), r.receipt(name, e))
		}
		if before := r.previous(e); before != none && !kinds[name].before(r.events[before].Clocks, e.Clocks) {
			a := &r.events[before]
			r.broken(name, r.names[e.node], []int32{a.told, e.told}, "%s %s, and then %s", r.names[a.node], a.describe(name), e.describe(name))
		}
	}
}

func (r *record) receipt(name string, e *event) string {
	return fmt.Sprintf("%s received it at %s", r.names[e.node], kinds[name].shows(e.Clocks))
}

// describe says what happened, and when by a clock: "sent 7 at n1:3 n2:1".
func (e *event) describe(name string) string {
	return fmt.Sprintf("%s %v at %s", e.verb(), e.Message, kinds[name].shows(e.Clocks))
}

// previous is the event of the same node before one.
func (r *record) previous(e *event) int32 {
	if e.place == 1 {
		return none
	}
	return r.of[e.node][e.place-2]
}

// converse judges that no vector says that an event happened before another which did not.
func (r *record) converse(order []int32) {
	known := make([][]int32, len(r.events)) // of each event: how many events of each node happened before it, or are it
	for _, i := range order {
		e := &r.events[i]
		if e.Received && e.sent == none {
			r.unknown(Vector, r.names[e.node], []int32{e.told}, "nobody has read that %v was sent, which %s received", e.Message, r.names[e.node])
			return
		}
		known[i] = make([]int32, len(r.names))
		for _, before := range []int32{r.previous(e), e.sent} {
			if before != none {
				for n, count := range known[before] {
					known[i][n] = max(known[i][n], count)
				}
			}
		}
		known[i][e.node] = e.place
		r.clock.Spend(len(r.names))
		for n, count := range known[i] {
			if int(count) == len(r.of[n]) {
				continue
			}
			if a := &r.events[r.of[n][count]]; kinds[Vector].before(a.Clocks, e.Clocks) {
				r.broken(Vector, r.names[e.node], []int32{a.told, e.told}, "%s %s, which did not happen before %s %s",
					r.names[n], a.describe(Vector), r.names[e.node], e.describe(Vector))
			}
		}
	}
}

// broken notes that a clock is wrong, and which operations show it.
func (r *record) broken(rule, on string, shown []int32, format string, args ...any) {
	r.cases.Broken(rule, on, cases.Among(r.operations, shown), format, args...)
}

// unknown notes that a clock cannot be judged.
func (r *record) unknown(rule, on string, shown []int32, format string, args ...any) {
	r.cases.Unknown(rule, on, cases.Among(r.operations, shown), format, args...)
}
