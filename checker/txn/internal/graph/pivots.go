package graph

import (
	"slices"

	"faultline/checker/txn/models"
)

// Pivots are transactions of which each cycle of a class has at least one: a search through all of them finds all cycles. There are two kinds.

// feedback are transactions without which the graph has no cycle. They are few where few edges go against an order that suits the others,
// though not always as few as can be, which is hard to find (Karp 1972). Where nothing can be peeled, the transaction that was invoked first
// is taken away.
func (p *part) feedback(level models.Level) []int32 {
	var pivots []int32
	peeling := newPeeling(&p.Input, level)
	peeling.takeAll()
	for t := int32(0); peeling.remaining > 0; t++ {
		if peeling.left[t] {
			pivots = append(pivots, t)
			peeling.take(t)
			peeling.takeAll()
		}
	}
	return pivots
}

// characteristic are the transactions that have the edges by which a class is known: where two rw must follow each other, those between two
// rw, else those from which such an edge leads.
func (p *part) characteristic(c Class) []int32 {
	var leaving Kinds
	switch c.Base {
	case G0:
		leaving = KindsOf(WW)
	case G1c, LongFork:
		leaving = KindsOf(WR)
	case GSingleItem, GNonadjacentItem:
		leaving = KindsOf(RW)
	case GSingle, GNonadjacent:
		leaving = KindsOf(RWPredicate)
	default:
		leaving = KindsOf(RW, RWPredicate)
	}
	var missed []bool // the transactions that an rw may lead to
	if c.Base == G2Item || c.Base == G2 {
		missed = p.missed()
	}
	var pivots []int32
	for t := range int32(p.Txns()) {
		leads := slices.ContainsFunc(p.arcs.of(t), func(a Arc) bool { return leaving.Has(a.Kind) })
		if leads && (missed == nil || missed[t]) {
			pivots = append(pivots, t)
		}
	}
	return pivots
}

// missed are the transactions that an rw leads to, and all that hubs lead to.
func (p *part) missed() []bool {
	missed := make([]bool, p.nodes())
	for node := range int32(p.nodes()) {
		for _, a := range p.arcs.of(node) {
			if a.Kind == RW || a.Kind == RWPredicate || node >= int32(p.Txns()) {
				missed[a.To] = true
			}
		}
	}
	return missed
}
