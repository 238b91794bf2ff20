package lists

import (
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
)

// Why finds the steps that an edge of the relation rests on, the first if there are several; false if there is no such edge. For ww both are
// appends, for wr the second is a read of what the first appended, and for rw the first is a read that misses what the second appended. A scan
// stands for what it did not find.
func (r *Relation) Why(e graph.Edge) (from, to int32, ok bool) {
	for from := r.h.First[e.From]; from < r.h.First[e.From+1]; from++ {
		for to := r.h.First[e.To]; to < r.h.First[e.To+1]; to++ {
			if r.leads(from, to, e.Kind) {
				return from, to, true
			}
		}
	}
	return 0, 0, false
}

// leads reports whether an edge of a kind rests on two steps.
func (r *Relation) leads(from, to int32, kind graph.Kind) bool {
	s, l := &r.h.Steps, &r.h.Lists
	key := s.Key[to]
	if kind == graph.WR {
		place := r.placeSeen(to, s.Kind[to])
		return s.Kind[from] == record.Write && place >= 0 && s.Saw[from] == place
	}
	if s.Kind[to] != record.Write {
		return false
	}
	absent := kind == graph.RWPredicate && s.Kind[from] == record.Scan
	if !absent && (s.Kind[from] == record.Scan || s.Key[from] != key || s.Saw[from] == record.Unread) {
		return false
	}
	switch length := int32(s.Value[from]); {
	case absent:
		return r.misses(from, key) && r.follows(key, 0, to)
	case kind == graph.WW && s.Kind[from] == record.Write:
		return r.follows(key, s.Saw[from]-l.Base[key]+1, to)
	case kind == graph.RW && s.Kind[from] == record.Read, kind == graph.RWPredicate && s.Kind[from] == record.Scanned:
		return r.follows(key, length, to)
	default:
		return false
	}
}

// misses reports whether a scan did not find a key.
func (r *Relation) misses(scan, key int32) bool {
	for absent := range r.h.Absent(scan) {
		if absent == key {
			return true
		}
	}
	return false
}

// follows reports whether a write may be that of the version of a key after the first so many elements.
func (r *Relation) follows(key, length, write int32) bool {
	if r.later {
		return r.behind(key, length, write)
	}
	next, late := r.nextWrite(key, length)
	return next == write || late && r.h.Steps.Saw[write] == record.Unread && r.h.Committed[r.h.Steps.Txn[write]]
}
