package weak

import (
	"slices"

	"faultline/checker/txn/internal/scc"
)

// components are the strongly connected components of a relation.
type components struct {
	order  []int32   // all transactions; each after its predecessors, where these are in other components
	cyclic [][]int32 // components of more than one transaction
}

// components finds them along predecessors: a component is complete when those before it are.
func (r *relation) components() components {
	c := components{order: make([]int32, 0, r.h.Len())}
	scc.Each(r.h.Len(), r.predecessors, func(component []int32) {
		c.order = append(c.order, component...)
		if len(component) > 1 {
			c.cyclic = append(c.cyclic, slices.Clone(component))
		}
	})
	return c
}

func (r *relation) predecessors(t int32, to []int32) []int32 {
	for n := int32(0); ; n++ {
		p, more := r.predecessor(t, n)
		if !more {
			return to
		}
		if p != none {
			to = append(to, p)
		}
	}
}
