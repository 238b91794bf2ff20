package lists

import (
	"slices"

	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
)

// Reason is what a dependency rests on: what both transactions did to one key.
type Reason struct {
	Key int32
	// From and To are steps of the two transactions: for ww both are appends, for wr To is a read of what From appended, for rw From
	// is a read that misses what To appended. A scan that did not find the key at all is such a read.
	From, To int32
}

// Why finds what an edge of the relation rests on, the first steps if there are several; false if there is no such edge.
func (r *Relation) Why(e graph.Edge) (Reason, bool) {
	for from := r.h.First[e.From]; from < r.h.First[e.From+1]; from++ {
		for to := r.h.First[e.To]; to < r.h.First[e.To+1]; to++ {
			if key, ok := r.leads(from, to, e.Kind); ok {
				return Reason{key, from, to}, true
			}
		}
	}
	return Reason{}, false
}

// leads reports whether an edge of a kind rests on two steps, and on which key.
func (r *Relation) leads(from, to int32, kind graph.Kind) (key int32, ok bool) {
	s, l := &r.h.Steps, &r.h.Lists
	key = s.Key[to]
	if kind == graph.WR {
		place := r.placeSeen(to, s.Kind[to])
		return key, s.Kind[from] == record.Write && place >= 0 && s.Saw[from] == place
	}
	if s.Kind[to] != record.Write {
		return key, false
	}
	absent := kind == graph.RWPredicate && s.Kind[from] == record.Scan
	if !absent && (s.Kind[from] == record.Scan || s.Key[from] != key || s.Saw[from] == record.Unread) {
		return key, false
	}
	switch length := int32(s.Value[from]); {
	case absent:
		return key, slices.Contains(slices.Collect(r.h.Absent(from)), key) && r.follows(key, 0, to)
	case kind == graph.WW && s.Kind[from] == record.Write:
		return key, r.follows(key, s.Saw[from]-l.Base[key]+1, to)
	case kind == graph.RW && s.Kind[from] == record.Read, kind == graph.RWPredicate && s.Kind[from] == record.Scanned:
		return key, r.follows(key, length, to)
	default:
		return key, false
	}
}

// follows reports whether a write may be that of the version of a key after the first so many elements.
func (r *Relation) follows(key, length, write int32) bool {
	next, late := r.nextWrite(key, length)
	return next == write || late && r.h.Steps.Saw[write] == record.Unread && r.h.Committed[r.h.Steps.Txn[write]]
}
