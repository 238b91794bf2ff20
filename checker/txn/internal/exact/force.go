package exact

// force makes the choices of which the other one closes a cycle, again and again as long as that is worth while. If neither is
// possible it returns transactions that cannot be ordered. What it leaves open, because of a bound or because a round forced little, is
// for the search.
func (c *choices) force() (core []int32) {
	bound := c.p.steps / 2
	for len(c.open) > 0 && c.p.left() > bound {
		impossible := c.impossible(bound)
		var open []choice
		for i, x := range c.open {
			first, second := impossible[2*i], impossible[2*i+1]
			if !first && !second || c.p.left() <= bound {
				open = append(open, x)
				continue
			}
			if first {
				x.a, x.b = x.b, x.a
			}
			c.forced = append(c.forced, forced{x, len(c.g.edges)})
			if cycle := c.p.order(c.g, x.a, x.b, literalOf(len(c.forced)-1)); cycle != nil {
				return c.support(cycle)
			}
		}
		made := len(c.open) - len(open)
		c.open = open
		if made*8 < len(open) {
			break
		}
	}
	return nil
}

// width is how many chains are looked at together.
const width = 32

// clock tells how much of each of width chains leads to a node: the first clock[i] nodes of the ith.
type clock [width]int32

// chains are paths that cover the nodes of transactions, so that what leads to a node is a number for each of them.
type chains struct {
	of, rank []int32 // the chain of each node, or none, and its place there, from 1
	count    int32
}

// newChains covers the nodes greedily: each continues the path of a node before it that is the last one of its path. The way of a session is
// such a path, if sessions count, and is not given away.
func (c *choices) newChains(order []int32) chains {
	k := chains{of: make([]int32, len(order)), rank: make([]int32, len(order))}
	kept := make([]bool, len(order)) // for the next one in its session
	for i := range c.g.edges {
		if e := &c.g.edges[i]; e.why == itself || e.why == session {
			kept[e.from] = true
		}
	}
	last := make([]bool, len(order))
	for _, node := range order {
		k.of[node] = none
		if c.p.transaction(node) == none {
			continue
		}
		before := c.continued(node, last, kept)
		if last[node] = true; before == none {
			k.of[node], k.rank[node] = k.count, 1
			k.count++
			continue
		}
		last[before] = false
		k.of[node], k.rank[node] = k.of[before], k.rank[before]+1
	}
	return k
}

// continued is the node whose path a node continues, or none.
func (c *choices) continued(node int32, last, kept []bool) int32 {
	found := none
	for i := c.g.in[node]; i != none; i = c.g.edges[i].nextIn {
		switch e := &c.g.edges[i]; {
		case e.why == itself || e.why == session:
			return e.from
		case last[e.from] && !kept[e.from]:
			found = e.from
		}
	}
	return found
}

// impossible tells of both literals of each open choice whether an edge of it closes a cycle, as far as that is found before the steps are
// down to a bound.
func (c *choices) impossible(bound int64) []bool {
	found := make([]bool, 2*len(c.open))
	order := c.g.order()
	k := c.newChains(order)
	byChain := c.byChain(k)
	clocks := make([]clock, len(order))
	for low := int32(0); low < k.count && c.p.left() > bound; low += width {
		c.tick(clocks, order, k, low)
		for _, literals := range byChain[low:min(low+width, k.count)] {
			for _, lit := range literals {
				found[lit] = found[lit] || c.closes(lit, clocks, k, low)
			}
		}
	}
	return found
}

// byChain are the literals by the chains of the transaction that comes second.
func (c *choices) byChain(k chains) [][]literal {
	by := make([][]literal, k.count)
	for i := range 2 * len(c.open) {
		_, second := c.sides(literal(i))
		begin, commit := k.of[c.p.begin(second)], k.of[c.p.commit(second)]
		by[begin] = append(by[begin], literal(i))
		if commit != begin {
			by[commit] = append(by[commit], literal(i))
		}
	}
	return by
}

// sides are the transactions of an open choice, in the order that a literal gives them.
func (c *choices) sides(l literal) (first, second int32) {
	x := c.open[l/2]
	if l&1 == 1 {
		return x.b, x.a
	}
	return x.a, x.b
}

// tick computes the clocks for the chains from low.
func (c *choices) tick(clocks []clock, order []int32, k chains, low int32) {
	for _, node := range order {
		at := &clocks[node]
		*at = clock{}
		for i := c.g.in[node]; i != none; i = c.g.edges[i].nextIn {
			for j, n := range &clocks[c.g.edges[i].from] {
				at[j] = max(at[j], n)
			}
			c.p.steps -= width / 4
		}
		if i := k.of[node] - low; k.of[node] >= low && i < width {
			at[i] = k.rank[node]
		}
	}
}

// closes tells whether an edge of a literal that leads to the chains from low closes a cycle.
func (c *choices) closes(lit literal, clocks []clock, k chains, low int32) bool {
	first, second := c.sides(lit)
	closed := false
	c.p.each(first, second, lit, func(e edge) {
		c.p.steps--
		if i := k.of[e.to] - low; i >= 0 && i < width {
			closed = closed || clocks[e.from][i] >= k.rank[e.to]
		}
	})
	return closed
}
