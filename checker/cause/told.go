package cause

import (
	"fmt"
	"time"

	"faultline/cluster/report"
	"faultline/history"
)

// told says how an operation was answered that does not go with an earlier one.
func (r *record) told(c clash) string {
	a, b := c.earlier, c.later
	next, deposed := r.deposed(c)
	who := b.Node() + r.circumstance(c, deposed)
	switch {
	case deposed && next.node == a.Node():
		return fmt.Sprintf("%s still led in %s and answered%s, though %s had led in %s from %s and had %s",
			who, r.term(b.by.term), from(b), next.node, r.term(next.term), clock(next.begin), did(a))
	case deposed:
		return fmt.Sprintf("%s still led in %s and answered%s, though %s had led in %s from %s, and %s had %s",
			who, r.term(b.by.term), from(b), next.node, r.term(next.term), clock(next.begin), a.Node(), did(a))
	case !c.back() && a.LogIndex > 0 && b.LogIndex >= a.LogIndex:
		return who + inTurn(as(b.by), "was not behind: it answered"+from(b)+" without "+what(a, b))
	case !c.back():
		return who + inTurn(as(b.by), r.applied(c), "answered"+from(b)+" without "+what(a, b))
	case b.by.leads() && b.by == a.by:
		return fmt.Sprintf("%s led in %s and answered%s after it had %s", who, r.term(b.by.term), from(b), did(a))
	default:
		return who + inTurn(as(b.by), "answered"+from(b)+", before it had applied "+whose(a, b))
	}
}

// deposed finds the leader of a later term that led when the earlier operation returned, if a leader answered the later one.
func (r *record) deposed(c clash) (next stint, found bool) {
	a, b := c.earlier.by, c.later.by
	if !b.leads() {
		return stint{}, false
	}
	if a.leads() {
		return a, a.term > b.term
	}
	for _, s := range r.stints {
		if s.leads() && s.node != b.node && s.term > b.term && s.begin < c.earlier.Return {
			next, found = s, true
		}
	}
	return next, found
}

// twoLed says that the earlier operation was answered by a leader when the one of a later term led already who answered the later
// operation; empty if it was not so.
func (r *record) twoLed(c clash) string {
	a, b := c.earlier, c.later
	if !a.by.leads() || !b.by.leads() || a.by.term >= b.by.term || b.by.begin >= a.Invoke {
		return ""
	}
	apart := ""
	if f, ok := r.during(a, func(f history.Fault) bool { return cuts(f, a.Node(), b.Node()) }); ok {
		apart = cutOff(f, b.Node())
	}
	return fmt.Sprintf("%s%s still led in %s and %s, though %s had led in %s from %s; %s answered%s",
		a.Node(), apart, r.term(a.by.term), did(a), b.Node(), r.term(b.by.term), clock(b.by.begin), b.Node(), from(b))
}

// applied says how far the node of the later operation was when it was last looked at, if that was not as far as the earlier one.
func (r *record) applied(c clash) string {
	started := time.Duration(0)
	for _, s := range r.stints {
		if s.node == c.later.Node() && s.role == down && s.end <= c.later.Return {
			started = s.end
		}
	}
	var last report.Progress
	for _, p := range r.progress {
		if p.Node == c.later.Node() && p.Time >= started && p.Time <= c.later.Return {
			last = p
		}
	}
	switch {
	case last.Node == "" || last.Applied >= c.earlier.LogIndex:
		return ""
	case last.Applied == 0:
		return fmt.Sprintf("had applied nothing at %s", clock(last.Time))
	default:
		return fmt.Sprintf("had applied %d at %s", last.Applied, clock(last.Time))
	}
}
