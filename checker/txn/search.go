package txn

import (
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
)

// view is a relation in which cycles are looked for.
type view struct {
	relation func() graph.Relation
	classes  []graph.Class
	level    models.Level // at which the edges hold
	// inferred says that versions may have come the other way round, though that would be an anomaly too, see package registers.
	inferred bool
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
}

// search looks for the cycles of a view.
func (a *analysis) search(v view) {
	in := a.input(v.relation())
	cycles, unsearched := graph.Find(&in, v.classes, graph.DefaultWork)
	a.unsearched = append(a.unsearched, unsearched...)
	for _, c := range cycles {
		c.Class = v.class(c.Class)
		e := example{anomaly: c.Class.Anomaly(), level: c.Class.Level, cycle: &c}
		if a.updates(&c) {
			e.alike = append(e.alike, "G-update")
		}
		a.add(e)
	}
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
