package exact

// forced is a choice that was forced: a before b.
type forced struct {
	choice
	edges int // how many the graph had then: these make the other choice impossible
}

// literalOf is the literal of a forced choice.
func literalOf(i int) literal { return certain - 1 - literal(i) }

// support is the transactions on which a cycle rests: those on it, and those on the cycles that forced the choices from which its edges follow. If
// no choice of the search has part in it, they cannot be ordered.
func (c *choices) support(cycle []edge) []int32 {
	var found []int32
	pending, seen := [][]edge{cycle}, map[literal]bool{}
	for len(pending) > 0 {
		cycle := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		found = union(found, c.g.transactions(cycle))
		for _, e := range cycle {
			if e.lit < certain && !seen[e.lit] {
				seen[e.lit] = true
				f := c.forced[certain-1-e.lit]
				found = union(found, []int32{f.a, f.b})
				pending = append(pending, c.refutation(f))
			}
		}
	}
	return found
}

// refutation is the cycle that forced a choice: by an edge of the other one.
func (c *choices) refutation(f forced) []edge {
	var cycle []edge
	everywhere := func(int32) bool { return true }
	c.p.each(f.b, f.a, certain, func(e edge) {
		if cycle != nil || c.p.steps <= 0 {
			return
		}
		if e.miss {
			cycle = c.g.seen(e, f.edges)
		} else {
			cycle = c.g.search(e.to, e.from, f.edges, everywhere)
		}
		if cycle != nil {
			cycle = append(cycle, e)
		}
	})
	return cycle
}
