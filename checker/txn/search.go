package txn

import (
	"slices"

	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
	"faultline/history"
)

// view is a relation in which cycles are looked for.
type view struct {
	relation func() graph.Relation
	classes  []graph.Class
	level    models.Level // at which the edges hold
	// inferred says that versions may have come the other way round, though that would be an anomaly too, see package registers.
	inferred  bool
	committed []bool // the transactions that are part of it; nil for those of the record
}

// searchAll looks for all cycles up to the level of the analysis.
func (a *analysis) searchAll() {
	views := a.data.views(a.level)
	if len(views) > 1 {
		if last := a.input(views[len(views)-1].relation()); len(graph.Components(&last, a.level)) == 0 {
			return
		}
	}
	for _, v := range views {
		a.search(v)
	}
	if a.unacknowledged && a.asked&^a.refuted() != 0 {
		a.search(a.data.acknowledged(a.level))
	}
}

// search looks for the cycles of a view.
func (a *analysis) search(v view) {
	in := a.input(v.relation())
	if v.committed != nil {
		in.Committed = v.committed
	}
	cycles, unsearched := graph.Find(&in, v.classes, graph.DefaultWork)
	a.unsearched = append(a.unsearched, unsearched...)
	for _, c := range cycles {
		c.Class = v.class(c.Class)
		if c.Class.Base == graph.G0 && a.unknown(&c) {
			c.Class.Base, a.unacknowledged = graph.G1c, true
		}
		e := example{anomaly: c.Class.Anomaly(), level: c.Class.Level, cycle: &c}
		if a.updates(&c) {
			e.alike = append(e.alike, "G-update")
		}
		a.add(e)
	}
}

// unknown reports whether the outcome of a transaction of a cycle is unknown. Who read from it read what was committed, or else what was
// aborted: where both are forbidden the cycle is one, as if information had flowed in it. Read uncommitted permits the second, so that nothing
// is known to be overwritten.
func (a *analysis) unknown(c *graph.Cycle) bool {
	return slices.ContainsFunc(c.Edges, func(e graph.Edge) bool { return a.record.Outcome[e.From] == history.Info })
}

func (a *analysis) input(r graph.Relation) graph.Input {
	h := a.record
	return graph.Input{Relation: r, Committed: h.Committed, Process: a.sessions, Invoked: h.Invoked, Returned: h.Returned, Stop: a.stop}
}

// class is what a cycle shows. Where versions were inferred and no transaction of the cycle misses anything, one of them does if
// the versions came the other way round.
func (v view) class(c graph.Class) graph.Class {
	if v.inferred && (c.Base == graph.G0 || c.Base == graph.G1c) {
		c.Base = graph.GSingleItem
	}
	c.Level = max(c.Level, v.level)
	return c
}

// updates reports whether a cycle with anti-dependencies refutes that updates are serializable: all of its transactions but one write.
func (a *analysis) updates(c *graph.Cycle) bool {
	if c.Class.Level != models.Data || c.Class.Base == graph.G0 || c.Class.Base == graph.G1c {
		return false
	}
	readOnly := 0
	for _, e := range c.Edges {
		if !a.writes(e.From) {
			readOnly++
		}
	}
	return readOnly <= 1
}

func (a *analysis) writes(t int32) bool {
	for step := a.record.First[t]; step < a.record.First[t+1]; step++ {
		if a.record.Steps.Kind[step] == record.Write {
			return true
		}
	}
	return false
}
