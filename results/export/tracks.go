package export

import (
	"fmt"
	"strconv"
	"time"

	"faultline/cluster/report"
	"faultline/history"
)

// faults adds the faults. Each has an id of its own: two of one kind may overlap.
func (t *timeline) faults(faults []history.Fault) {
	process := t.process(nemesis)
	for i, f := range faults {
		e := event{name: f.Kind, category: "fault", id: "fault-" + strconv.Itoa(i+1), place: t.thread(nemesis, "faults"),
			args: args{{"subject", f.Subject}}.with("how", f.Detail)}
		e.process = process
		e.phase, e.at = "b", f.Begin
		t.add(e)
		e.phase, e.at, e.args = "e", max(f.Begin, f.End), nil
		t.add(e)
	}
}

// operations adds those of the clients. A process has one at a time, so they do not overlap.
func (t *timeline) operations(ops []history.Operation, wrong map[int]string, end time.Duration) {
	t.process(clients)
	for i := range ops {
		op := &ops[i]
		until := op.Return
		if op.Returned < 0 {
			until = end // and its process never speaks again
		}
		a := args{}.with("key", op.Key).with("input", valueText(op.Input)).with("outcome", op.Outcome.String()).with("output", valueText(op.Output)).
			with("error", op.Reason()).with("node", op.Node()).with("violation", wrong[int(op.Invoked)])
		if op.LogIndex != 0 {
			a = append(a, arg{"log index", op.LogIndex})
		}
		t.add(event{phase: "X", name: operationName(op), category: op.Outcome.String(), at: op.Invoke, length: until - op.Invoke,
			place: t.thread(clients, fmt.Sprintf("process %d", op.Process)), args: a})
	}
}

// operationName is what an operation did, in a few words.
func operationName(op *history.Operation) string {
	name := op.F
	if op.Key != "" {
		name += " " + clipped(op.Key)
	}
	switch {
	case op.Input.Kind() != history.None:
		name += " " + clipped(op.Input.String())
	case op.Outcome == history.OK && op.Output.Kind() != history.None:
		name += " → " + clipped(op.Output.String())
	}
	if op.Outcome != history.OK {
		name += " (" + op.Outcome.String() + ")"
	}
	return name
}

// clipped is a text that is short enough for a name.
func clipped(s string) string {
	const longest = 40
	n := 0
	for i := range s {
		if n++; n > longest {
			return s[:i] + "…"
		}
	}
	return s
}

// roles adds what a node was when, and its term.
func (t *timeline) roles(node string, r *report.Report, end time.Duration) {
	at := t.thread(node, "role")
	var terms []point
	var open *report.Transition
	closeAt := func(until time.Duration) {
		if open != nil && until > open.Time {
			t.add(event{phase: "X", name: open.Role + ", " + r.Term(open.Term), category: open.Role, at: open.Time, length: until - open.Time,
				place: at, args: args{{"role", open.Role}, {r.TermWord(), open.Term}}})
		}
	}
	for i := range r.Track {
		if r.Track[i].Node != node {
			continue
		}
		closeAt(r.Track[i].Time)
		open = &r.Track[i]
		terms = append(terms, point{open.Time, open.Term})
	}
	closeAt(end)
	t.counter(node, r.TermWord(), terms)
}
