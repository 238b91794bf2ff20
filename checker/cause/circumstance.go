package cause

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/history"
)

// circumstance says what befell the node of the later operation since the earlier one, as an apposition; empty if nothing is known
// that can keep it behind.
func (r *record) circumstance(c clash, deposed bool) string {
	a, b := c.earlier, c.later
	node, since, until := b.Node(), a.Invoke, b.Return
	if f, ok := r.during(b, func(f history.Fault) bool { return f.Subject == "clock of "+node }); ok && deposed {
		return fmt.Sprintf(", whose clock was wrong since %s (%s),", clock(f.Begin), quoted(f))
	}
	switch s, ok := r.away(node, since, until); {
	case ok && s.role == paused:
		return fmt.Sprintf(", which was paused until %s,", clock(s.end))
	case ok:
		return fmt.Sprintf(", which had started again at %s,", clock(s.end))
	}
	f, cut := r.during(b, func(f history.Fault) bool { return cuts(f, node, a.Node()) })
	if !cut || b.by.leads() && !deposed {
		return ""
	}
	var before string
	if s, ok := r.before(a.by); ok && s.node == node && !deposed && s.end <= until {
		before = "had led until " + clock(s.end)
	}
	return ", which" + inTurn(before, fmt.Sprintf("was cut off from %s since %s (%s)", a.Node(), clock(f.Begin), quoted(f))) + ","
}

// away is the last time between two moments that a node was down or paused, if it came back.
func (r *record) away(node string, from, to time.Duration) (stint, bool) {
	for _, s := range slices.Backward(r.stints) {
		if s.node == node && (s.role == down || s.role == paused) && s.end >= from && s.end <= to {
			return s, true
		}
	}
	return stint{}, false
}

// during finds the fault that began last, of those in effect while an operation was answered.
func (r *record) during(b answer, is func(history.Fault) bool) (history.Fault, bool) {
	for _, f := range slices.Backward(r.faults) {
		if f.Begin <= b.Return && f.End >= b.Invoke && is(f) {
			return f, true
		}
	}
	return history.Fault{}, false
}

// cuts reports whether a fault keeps two nodes apart, in one direction at least.
func cuts(f history.Fault, a, b string) bool {
	return (f.Kind == "partition" || f.Kind == "oneway") && separates(f.Detail, a, b)
}

// separates reports whether groups, as in "n1 | n2,n3" or "n1 > n2,n3", have two nodes in two of them, and in no group together.
func separates(groups, a, b string) bool {
	var hasA, hasB bool
	for _, group := range strings.FieldsFunc(groups, func(c rune) bool { return c == '|' || c == '>' }) {
		nodes := strings.Split(strings.TrimSpace(group), ",")
		inA, inB := slices.Contains(nodes, a), slices.Contains(nodes, b)
		if inA && inB {
			return false
		}
		hasA, hasB = hasA || inA, hasB || inB
	}
	return hasA && hasB
}

// quoted is a fault as a schedule has it.
func quoted(f history.Fault) string { return f.Kind + " " + f.Detail }
