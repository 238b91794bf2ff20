package txn

import (
	"fmt"

	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/registers"
	"faultline/checker/txn/models"
)

// say says why an edge is there: "T1 read x = [1] before T2 appended 5 to it".
func (a *analysis) say(e graph.Edge, level models.Level, n *names) string {
	if e.Kind == graph.Process {
		return fmt.Sprintf("process %d did %s before %s", a.record.Process[e.From], n.short(e.From), n.short(e.To))
	}
	from, to := n.of(e.From), n.of(e.To)
	if e.Kind == graph.Realtime {
		return fmt.Sprintf("%s had returned when %s was invoked", from, to)
	}
	r, ok := a.data.why(e, level)
	if !ok {
		return fmt.Sprintf("%s came before %s (%v)", from, to, e.Kind)
	}
	key := a.record.Keys.Name(a.record.Steps.Key[r.To])
	switch e.Kind {
	case graph.WR:
		return fmt.Sprintf("%s %s before %s %s", from, a.wrote(r.From), to, a.read(r.To, key))
	case graph.WW:
		return fmt.Sprintf("%s %s before %s %s%s", from, a.wrote(r.From), to, a.wrote(r.To), a.because(r.Order, n))
	default:
		return fmt.Sprintf("%s %s before %s %s%s", from, a.read(r.From, key), to, a.wrote(r.To), a.because(r.Order, n))
	}
}

// because says why a version of a register comes before another; empty if that needs no reason.
func (a *analysis) because(o *registers.Order, n *names) string {
	if o == nil {
		return ""
	}
	earlier, later := a.element(o.From), a.element(o.To)
	before, after := n.of(o.Before), n.of(o.After)
	switch {
	case o.Level == models.Data:
		return fmt.Sprintf(", because %s read %s and wrote %s", before, earlier, later)
	case o.Level == models.Process:
		return fmt.Sprintf(", because %s %s %s, and %s then %s %s", before, a.met(o.Before, o.From), earlier, after, a.met(o.After, o.To), later)
	default:
		return fmt.Sprintf(", because %s %s %s and had returned when %s, which %s %s, was invoked", before, a.met(o.Before, o.From), earlier, after,
			a.met(o.After, o.To), later)
	}
}

// met is what a transaction had to do with a version: it wrote or read it.
func (a *analysis) met(t, version int32) string {
	if a.record.Steps.Txn[version] == t {
		return "wrote"
	}
	return "read"
}
