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
	led, before := b.by, ""
	if !deposed {
		led, before = r.ledBefore(c)
	}
	cut, apart := r.during(b, func(f history.Fault) bool { return cuts(f, b.Node(), a.Node()) })
	away, back := r.away(b.Node(), a.Invoke, b.Operation)
	switch wrong := r.wrongClock(led, b.Invoke); {
	case wrong != "":
		return before + wrong
	case back && away.role == paused:
		return fmt.Sprintf(", which was paused until %s,", clock(away.end))
	case back:
		return fmt.Sprintf(", which had started again at %s,", clock(away.end))
	case apart && (deposed || !b.by.leads()):
		return before + cutOff(cut, a.Node())
	}
	return ""
}

// ledBefore is the stint of the node of the later operation, in words too, if it was the leader before the one that answered the
// earlier operation, and leads no more.
func (r *record) ledBefore(c clash) (led stint, text string) {
	s, ok := r.before(c.earlier.by)
	if !ok || s.node != c.later.Node() || c.later.by.leads() || s.end > c.later.Return {
		return stint{}, ""
	}
	return s, ", the leader until " + clock(s.end)
}

// wrongClock says that the clock of a leader was wrong since it began to lead, be it that it is right again: what it had reckoned by
// it, such as the end of a lease, is wrong all the same. It is empty if it was right all the time.
func (r *record) wrongClock(led stint, until time.Duration) string {
	for _, f := range slices.Backward(r.faults) {
		switch {
		case led.node == "" || f.Subject != "clock of "+led.node || f.Begin > until || f.End < led.begin:
		case f.End < until:
			return fmt.Sprintf(", whose clock had been wrong until %s (%s),", clock(f.End), quoted(f))
		default:
			return fmt.Sprintf(", whose clock had been wrong since %s (%s),", clock(f.Begin), quoted(f))
		}
	}
	return ""
}

// away is the last time since a moment that a node was down or paused, if it certainly came back before it answered an operation.
func (r *record) away(node string, since time.Duration, op *history.Operation) (stint, bool) {
	for _, s := range slices.Backward(r.stints) {
		if s.node == node && (s.role == down || s.role == paused) && s.begin <= op.Invoke && s.end >= since && s.end <= op.Return {
			return s, true
		}
	}
	return stint{}, false
}

// during finds the fault that began last, of those in effect when an operation was invoked.
func (r *record) during(b answer, is func(history.Fault) bool) (history.Fault, bool) {
	for _, f := range slices.Backward(r.faults) {
		if f.Begin <= b.Invoke && f.End >= b.Invoke && is(f) {
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

// cutOff says what keeps a node away from another, as an apposition.
func cutOff(f history.Fault, from string) string {
	return fmt.Sprintf(", which had been cut off from %s since %s (%s),", from, clock(f.Begin), quoted(f))
}

// quoted is a fault as a schedule has it.
func quoted(f history.Fault) string { return f.Kind + " " + f.Detail }
