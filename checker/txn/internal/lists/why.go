package lists

import (
	"math"

	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
)

// Why finds the steps that an edge rests on: of the first transaction a write or a read, of the second what comes after it. A scan stands for
// what it did not find. It reports false if there are no such steps.
func (r *Relation) Why(e graph.Edge) (from, to int32, ok bool) {
	h := r.h
	for later := h.First[e.To]; later < h.First[e.To+1]; later++ {
		for earlier := h.First[e.From]; earlier < h.First[e.From+1]; earlier++ {
			if r.shows(e.Kind, earlier, later) {
				return earlier, later, true
			}
		}
	}
	return 0, 0, false
}

// shows reports whether a step depends in this way on an earlier one.
func (r *Relation) shows(kind graph.Kind, earlier, later int32) bool {
	s := &r.h.Steps
	switch {
	case kind == graph.WR:
		return s.Kind[earlier] == record.Write && (s.Kind[later] == record.Read || s.Kind[later] == record.Scanned) && s.Saw[later] == earlier
	case s.Kind[later] != record.Write:
		return false
	case s.Kind[earlier] == record.Scan:
		return kind == graph.RWPredicate && r.misses(earlier, s.Key[later])
	case s.Key[earlier] != s.Key[later] || s.Kind[earlier] != record.Write && s.Saw[earlier] == record.Unread:
		return false
	default:
		return kindOf[s.Kind[earlier]] == kind && r.until(earlier) <= r.placed(later)
	}
}

// kindOf is the kind of edges from a step to who wrote later.
var kindOf = map[record.Kind]graph.Kind{record.Write: graph.WW, record.Read: graph.RW, record.Scanned: graph.RWPredicate}

func (r *Relation) misses(scan, key int32) bool {
	for absent := range r.h.Absent(scan) {
		if absent == key {
			return true
		}
	}
	return false
}

// placed is how many elements were there before a write; more than any if nobody read it.
func (r *Relation) placed(write int32) int32 {
	if place := r.h.Steps.Saw[write]; place >= 0 {
		return place - r.h.Lists.Base[r.h.Steps.Key[write]]
	}
	return math.MaxInt32 - 1
}

// until is how many elements were there after a write, or how many a read found.
func (r *Relation) until(step int32) int32 {
	if r.h.Steps.Kind[step] == record.Write {
		return r.placed(step) + 1
	}
	return int32(r.h.Steps.Value[step])
}
