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

// characteristic are the transactions that have the edges by which a class is known: those between two rw where two must follow each other,
// those from which an rw leads but to which something else does where none may, and else those from which such an edge leads.
func (p *part) characteristic(c Class) []int32 {
	anyMiss := KindsOf(RW, RWPredicate)
	leaving, entering := anyMiss, c.Kinds()&^anyMiss
	switch c.Base {
	case G0:
		leaving, entering = KindsOf(WW), c.Kinds()
	case G1c:
		leaving, entering = KindsOf(WR), c.Kinds()
	case LongFork:
		leaving, entering = KindsOf(WR), anyMiss
	case GSingleItem, GNonadjacentItem:
		leaving = KindsOf(RW)
	case GSingle, GNonadjacent:
		leaving = KindsOf(RWPredicate)
	case G2Item, G2:
		entering = anyMiss
	}
	entered := p.entered()
	var pivots []int32
	for t := range int32(p.Txns()) {
		leads := slices.ContainsFunc(p.arcs.of(t), func(a Arc) bool { return leaving.Has(a.Kind) })
		if leads && entered[t]&entering != 0 {
			pivots = append(pivots, t)
		}
	}
	return pivots
}

// entered has the kinds of edges that lead to each transaction.
func (p *part) entered() []Kinds {
	entered := make([]Kinds, p.nodes())
	var changed []int32 // hubs whose kinds have to be passed on
	enter := func(node int32, kinds Kinds) {
		if entered[node]|kinds != entered[node] {
			entered[node] |= kinds
			if node >= int32(p.Txns()) {
				changed = append(changed, node)
			}
		}
	}
	first := int32(p.Txns()) // from here on, transactions were invoked after another one had returned
	for t := range int32(p.Txns()) {
		for _, a := range p.arcs.of(t) {
			enter(a.To, 1<<a.Kind)
		}
		if p.next[t] >= 0 {
			enter(p.next[t], KindsOf(Process))
		}
		first = min(first, p.later[t])
	}
	for t := first; t < int32(p.Txns()); t++ {
		enter(t, KindsOf(Realtime))
	}
	for len(changed) > 0 {
		hub := changed[len(changed)-1]
		changed = changed[:len(changed)-1]
		for _, a := range p.arcs.of(hub) {
			enter(a.To, entered[hub])
		}
	}
	return entered
}
