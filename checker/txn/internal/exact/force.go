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

// impossible tells of both literals of each open choice whether an edge of it closes a cycle, as far as that is found before the steps are
// down to a bound.
func (c *choices) impossible(bound int64) []bool {
	found := make([]bool, 2*len(c.open))
	order := c.g.order()
	k := c.p.newChains(c.g, order)
	byChain := c.byChain(k)
	clocks := make([]clock, len(order))
	for low := int32(0); low < k.count && c.p.left() > bound; low += width {
		c.p.tick(c.g, clocks, order, k, low)
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

// closes tells whether an edge of a literal that leads to the chains from low closes a cycle.
func (c *choices) closes(lit literal, clocks []clock, k chains, low int32) bool {
	first, second := c.sides(lit)
	closed := false
	c.p.each(first, second, lit, func(e edge) {
		c.p.steps--
		switch i := k.of[e.to] - low; {
		case closed:
		case e.miss && c.g.direct:
			closed = c.g.seen(e, len(c.g.edges)) != nil
		case i >= 0 && i < width:
			closed = clocks[e.from][i] >= k.rank[e.to]
		}
	})
	return closed
}
