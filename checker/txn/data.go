package txn

import (
	"faultline/checker/txn/internal/direct"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/lists"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/internal/registers"
	"faultline/checker/txn/models"
	"faultline/history"
)

// data knows what lists or registers say of the order of transactions.
type data interface {
	// views are what cycles up to a level are looked for in, one after the other. Whatever has a cycle in one of them has one in the last.
	views(level models.Level) []view
	// acknowledged is what cycles of writes alone are looked for in where transactions of unknown outcome are taken not to have happened.
	acknowledged(level models.Level) view
	// why is the reason of an edge of a view; false if there is none.
	why(e graph.Edge, level models.Level) (registers.Reason, bool)
	// direct are the anomalies that need no cycle.
	direct() []direct.Anomaly
	// final reports whether a write is the last one of its transaction to its key.
	final(step int32) bool
	// ordered are the first writers of each key in the order of their versions, each by its number, if that is known otherwise than by reads.
	ordered(number []int32) [][]int32
	// deciders decide what no anomaly refutes, by models.
	deciders() map[string]decider
	// circles are the circles of versions.
	circles() []registers.Circle
}

// listData are lists: what they say is certain, and holds at every level.
type listData struct {
	*lists.Relation
	record *record.History
	others []*lists.Relation // that were asked for, besides: what their edges rest on is looked up there
	finals []bool            // see final
}

func (l *listData) views(level models.Level) []view {
	return []view{{relation: func() graph.Relation { return l.Relation }, classes: graph.Classes(level)}}
}

func (l *listData) acknowledged(level models.Level) view {
	only := *l.record
	only.Committed = make([]bool, only.Len())
	for t, outcome := range only.Outcome {
		only.Committed[t] = outcome == history.OK
	}
	ok := lists.New(&only)
	l.others = append(l.others, ok)
	v := view{relation: func() graph.Relation { return ok }, committed: only.Committed}
	for at := models.Data; at <= level; at++ {
		v.classes = append(v.classes, graph.Class{Base: graph.G0, Level: at})
	}
	return v
}

// later is the relation in which versions lead to all later ones.
func (l *listData) later() *lists.Relation {
	later := l.Later()
	l.others = append(l.others, later)
	return later
}

func (l *listData) direct() []direct.Anomaly     { return direct.Lists(l.record) }
func (l *listData) deciders() map[string]decider { return ofLists }
func (l *listData) circles() []registers.Circle  { return nil }
func (l *listData) why(e graph.Edge, _ models.Level) (registers.Reason, bool) {
	from, to, ok := l.Why(e)
	for i := 0; !ok && i < len(l.others); i++ {
		from, to, ok = l.others[i].Why(e)
	}
	return registers.Reason{From: from, To: to}, ok
}

// registerData are registers: each level adds to the order of versions.
type registerData struct {
	*registers.Versions
	record *record.History
}

func (r registerData) views(level models.Level) []view {
	var all []view
	flow := func() graph.Relation { return registers.Flow(r.record) }
	for l := models.Data; l <= level; l++ {
		ordered := func() graph.Relation { return r.Relation(l) }
		all = append(all, view{relation: flow, classes: []graph.Class{{Base: graph.G1c, Level: l}}, level: l},
			view{relation: ordered, classes: graph.Classes(l), level: l, inferred: true})
	}
	return all
}
func (r registerData) acknowledged(models.Level) view { return view{} }
func (r registerData) direct() []direct.Anomaly       { return direct.Registers(r.record) }
func (r registerData) final(step int32) bool          { return r.Final(step) }
func (r registerData) deciders() map[string]decider   { return ofRegisters }
func (r registerData) ordered([]int32) [][]int32      { return nil }
func (r registerData) circles() []registers.Circle    { return r.Cyclic }
func (r registerData) why(e graph.Edge, level models.Level) (registers.Reason, bool) {
	return r.Why(e, level)
}
