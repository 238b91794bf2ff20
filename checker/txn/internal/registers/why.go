package registers

import (
	"slices"

	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/models"
)

// Reason is why a transaction comes before another.
type Reason struct {
	// From and To are the steps that depend on each other: a write or a read of the first transaction, and one of the second.
	From, To int32
	// Order says why the version of From comes before that of To; nil if it is the initial one, or if the version is the same.
	Order *Order
}

// Why finds the reason of an edge of Relation or Flow; false if there is none.
func (v *Versions) Why(e graph.Edge, level models.Level) (Reason, bool) {
	if e.Kind == graph.WR {
		return v.whyRead(e)
	}
	h := v.history
	for step := h.First[e.To]; step < h.First[e.To+1]; step++ {
		if !v.final[step] {
			continue
		}
		if e.Kind == graph.RW || e.Kind == graph.RWPredicate {
			if read, ok := v.readOf(e, initialOf(h.Steps.Key[step])); ok {
				return Reason{From: read, To: step}, true
			}
		}
		if r, ok := v.whyReplaced(e, step, level); ok {
			return r, true
		}
	}
	return Reason{}, false
}

func (v *Versions) whyRead(e graph.Edge) (Reason, bool) {
	h := v.history
	for step := h.First[e.To]; step < h.First[e.To+1]; step++ {
		if saw := h.Steps.Saw[step]; h.Steps.Kind[step].IsRead() && saw >= 0 && h.Steps.Txn[saw] == e.From {
			return Reason{From: saw, To: step}, true
		}
	}
	return Reason{}, false
}

// whyReplaced looks for a version that comes before that of a step, and that the first transaction of the edge wrote or read.
func (v *Versions) whyReplaced(e graph.Edge, step int32, level models.Level) (Reason, bool) {
	for _, o := range v.before(step) {
		if o.Level > level {
			continue
		}
		if e.Kind == graph.WW && v.history.Steps.Txn[o.From] == e.From {
			return Reason{From: o.From, To: step, Order: &o}, true
		}
		if e.Kind == graph.WW {
			continue
		}
		if read, ok := v.readOf(e, o.From); ok {
			return Reason{From: read, To: step, Order: &o}, true
		}
	}
	return Reason{}, false
}

// before are the orders that lead to a version.
func (v *Versions) before(version int32) []Order {
	from, _ := slices.BinarySearchFunc(v.orders, version, func(o Order, version int32) int { return int(o.To) - int(version) })
	to := from
	for to < len(v.orders) && v.orders[to].To == version {
		to++
	}
	return v.orders[from:to]
}

// readOf is the step in which the first transaction of an edge read a version, in the way that the edge says.
func (v *Versions) readOf(e graph.Edge, version int32) (step int32, ok bool) {
	if v.readers == nil {
		all := v.readersOf(nil)
		v.readers = &all
	}
	for _, r := range v.readers.of(version) {
		if v.history.Steps.Txn[r.step] == e.From && kindOf(v.history.Steps.Kind[r.step]) == e.Kind {
			return r.step, true
		}
	}
	return 0, false
}
