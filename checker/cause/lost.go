package cause

import (
	"fmt"
	"slices"
	"time"

	"faultline/cluster/report"
	"faultline/history"
)

// lost says who led without what had been acknowledged; empty if the record shows nobody.
func (r *record) lost(c clash) string {
	a := c.earlier
	if !changes(a.Operation) || !a.by.leads() || a.LogIndex == 0 {
		return ""
	}
	for _, s := range r.stints {
		if !s.leads() || s.term <= a.by.term || s.begin < a.Return || s.begin >= c.later.Return {
			continue
		}
		if without := r.without(s, a); without != "" {
			return fmt.Sprintf("%s acknowledged the %s at index %d in %s%s, and %s, leader of %s from %s, %s",
				a.Node(), a.F, a.LogIndex, r.term(a.by.term), r.befell(a, s), s.node, r.term(s.term), clock(s.begin), without)
		}
	}
	return ""
}

// without says what shows that a leader's log did not hold an entry of an earlier term when it began to lead: the log ended before
// it, or the leader gave its index, or one before it, to another operation that was invoked since.
func (r *record) without(s stint, a answer) string {
	if p, ok := r.logOf(s, a.Return); ok && p.Last > 0 && p.Last < a.LogIndex {
		return fmt.Sprintf("had a log that ended at %d at %s", p.Last, clock(p.Time))
	}
	for i := range r.operations {
		op := &r.operations[i]
		if op.Invoked > a.Returned && changes(op) && op.LogIndex > 0 && op.LogIndex <= a.LogIndex &&
			op.Node() == s.node && op.Invoke >= s.begin && op.Return < s.end {
			return fmt.Sprintf("gave index %d to another operation", op.LogIndex)
		}
	}
	return ""
}

// logOf is how far a leader's log was when it began to lead: as it was last seen before, if nobody led meanwhile who could have
// added to it, or else as it was first seen then.
func (r *record) logOf(s stint, since time.Duration) (before report.Progress, found bool) {
	for _, p := range r.progress {
		switch {
		case p.Node != s.node || p.Time < since || p.Time >= s.end:
		case p.Time < s.begin:
			before, found = p, !r.ledMeanwhile(s.node, p.Time, s.begin)
		case !found:
			return p, true
		}
	}
	return before, found
}

// befell names what happened between an acknowledgement and the next leader: machines that lost power, or what kept the node that
// had acknowledged from leading on.
func (r *record) befell(a answer, next stint) string {
	nodes, at := r.struck("powerloss", a.Return, next.begin)
	if len(nodes) > 0 {
		if len(nodes) == 1 && nodes[0] == a.Node() {
			nodes[0] = "it"
		}
		return fmt.Sprintf(", %s lost power at %s", r.list(nodes), clock(at))
	}
	for _, f := range slices.Backward(r.faults) {
		switch {
		case f.Begin > next.begin || f.End < a.Return:
		case f.Kind == "crash" && f.Subject == a.Node() && f.Begin >= a.Return:
			return fmt.Sprintf(", it crashed at %s", clock(f.Begin))
		case f.Kind == "pause" && f.Subject == a.Node():
			return fmt.Sprintf(", it was paused at %s", clock(f.Begin))
		case cuts(f, a.Node(), next.node):
			return fmt.Sprintf(", it was cut off from %s at %s (%s)", next.node, clock(f.Begin), quoted(f))
		}
	}
	return ""
}

// struck are the nodes that the last fault of a kind between two moments befell.
func (r *record) struck(kind string, from, to time.Duration) (nodes []string, at time.Duration) {
	for _, f := range r.faults {
		if f.Kind != kind || f.Begin < from || f.Begin > to {
			continue
		}
		if f.Begin != at {
			nodes, at = nil, f.Begin
		}
		nodes = append(nodes, f.Subject)
	}
	return nodes, at
}

// unacknowledged says who showed what nobody had acknowledged, and then was gone.
func (r *record) unacknowledged(c clash, shown []*history.Operation) string {
	a, b := c.earlier, c.later
	saw, ok := seen(a.Operation)
	if c.back() || !ok || a.F != "read" {
		return ""
	}
	var writer *history.Operation
	for _, op := range shown {
		if v, ok := puts(op); ok && v.Equal(saw) {
			writer = op
		}
	}
	if writer == nil || writer.Outcome == history.OK {
		return ""
	}
	first := inTurn(as(a.by), fmt.Sprintf("answered%s with the %s of process %d", from(a), writer.F, writer.Process))
	return a.Node() + first + ", which was never acknowledged; " + b.Node() + inTurn(as(b.by), "answered"+from(b)+" without it")
}
