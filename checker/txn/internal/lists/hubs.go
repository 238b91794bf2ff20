package lists

import (
	"slices"

	"faultline/checker/txn/internal/graph"
)

// Whoever read or wrote the last version of a key that is known comes before all that wrote it later, except itself. Let w0, w1, … be these.
// Each wi has two hubs: one leads to wi and all behind it, the other to wi and all before it. So no more than two arcs lead from a
// transaction to any number of them, also if it is one of them.
//
//	up(i) → wi, up(i+1)        down(i) → wi, down(i-1)

func (r *Relation) up(i int32) int32   { return int32(r.h.Len()) + 2*i }
func (r *Relation) down(i int32) int32 { return int32(r.h.Len()) + 2*i + 1 }

// toLate appends arcs that lead to all late writers of a key except t.
func (r *Relation) toLate(t, key int32, kind graph.Kind, arcs []graph.Arc) []graph.Arc {
	from, to := r.lateFrom[key], r.lateFrom[key+1]
	if from == to {
		return arcs
	}
	own, found := slices.BinarySearch(r.late[from:to], t)
	if !found {
		return append(arcs, graph.Arc{To: r.up(from), Kind: kind})
	}
	at := from + int32(own)
	if at+1 < to {
		arcs = append(arcs, graph.Arc{To: r.up(at + 1), Kind: kind})
	}
	if at > from {
		arcs = append(arcs, graph.Arc{To: r.down(at - 1), Kind: kind})
	}
	return arcs
}

// hub appends the arcs of a hub.
func (r *Relation) hub(node int32, arcs []graph.Arc) []graph.Arc {
	if place := node - r.from(0); place >= 0 {
		return r.fromHub(place, arcs)
	}
	i, isDown := (node-int32(r.h.Len()))/2, (node-int32(r.h.Len()))%2 == 1
	arcs = append(arcs, graph.Arc{To: r.late[i]})
	first, behind := r.lateFrom[r.lateKey[i]], r.lateFrom[r.lateKey[i]+1]
	switch {
	case isDown && i > first:
		arcs = append(arcs, graph.Arc{To: r.down(i - 1)})
	case !isDown && i+1 < behind:
		arcs = append(arcs, graph.Arc{To: r.up(i + 1)})
	}
	return arcs
}
