package lists

import "faultline/checker/txn/internal/graph"

// Later is the relation in which ww and rw lead not only to who installed the next version of the key, but to all that installed later ones,
// as Cerone and Gotsman (Analysing Snapshot Isolation, 2016) have them. No edges of another key can do the same: who follows them goes from
// one transaction to another that its reader need not have seen.
//
// Each version that is known has a hub, which leads to who installed it and to the hub of the next one. A transaction that wrote a key
// several times, with others in between, may lead to itself. That is G0.
func (r *Relation) Later() *Relation {
	later := *r
	later.later = true
	return &later
}

// from is the hub that leads to all that installed a version from a place on.
func (r *Relation) from(place int32) int32 { return int32(r.h.Len()) + 2*int32(len(r.late)) + place }

// fromHub appends the arcs of such a hub.
func (r *Relation) fromHub(place int32, arcs []graph.Arc) []graph.Arc {
	write := r.h.Lists.Writer[place]
	if write < 0 || !r.h.Committed[r.h.Steps.Txn[write]] {
		return arcs
	}
	arcs = append(arcs, graph.Arc{To: r.h.Steps.Txn[write]})
	key := r.h.Steps.Key[write]
	next, late := r.nextWrite(key, place+1-r.h.Lists.Base[key])
	switch {
	case next >= 0:
		return append(arcs, graph.Arc{To: r.from(r.h.Steps.Saw[next])})
	case late && r.lateFrom[key] < r.lateFrom[key+1]:
		return append(arcs, graph.Arc{To: r.up(r.lateFrom[key])})
	default:
		return arcs
	}
}

// behind reports whether a write is of a version of a key after the first so many elements.
func (r *Relation) behind(key, length, write int32) bool {
	place := r.h.Steps.Saw[write] - r.h.Lists.Base[key]
	switch {
	case !r.h.Committed[r.h.Steps.Txn[write]]:
		return false
	case r.h.Steps.Saw[write] < 0:
		return r.ordered(key)
	default:
		return length <= place && place < r.h.Lists.Agreed[key]
	}
}
