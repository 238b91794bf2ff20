package graph

import "faultline/checker/txn/models"

// pivots are transactions of which each cycle has at least one: without them the graph has no cycle. They are few where few edges go against
// an order that suits the others, though not always as few as can be, which is hard to find (Karp 1972). Where nothing can be peeled, the
// transaction that was invoked first is made a pivot and taken away.
func (p *part) pivots(level models.Level) []int32 {
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
