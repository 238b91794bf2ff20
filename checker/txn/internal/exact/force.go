package exact

// block is how many transactions are looked at together when choices are forced.
const block = 256

// reach has two bits for each transaction of a block: whether its beginning, and whether its commit, leads to a node.
type reach [2 * block / 64]uint64

func (r *reach) add(other *reach) {
	for i, bits := range other {
		r[i] |= bits
	}
}

func (r *reach) set(bit int32)      { r[bit/64] |= 1 << (bit % 64) }
func (r *reach) has(bit int32) bool { return r[bit/64]>>(bit%64)&1 == 1 }

// force makes the choices of which the other one closes a cycle, again and again until there are no more. If neither is
// possible it returns transactions that cannot be ordered. The last result is false if the bound was met.
//
// Cobra keeps which node leads to which in a matrix; here it is computed for some columns at a time.
func (c *choices) force() (core []int32, done bool) {
	for {
		impossible, done := c.impossible()
		if !done {
			return nil, false
		}
		var open []choice
		forced := false
		for i, x := range c.open {
			first, second := impossible[2*i], impossible[2*i+1]
			if !first && !second {
				open = append(open, x)
				continue
			}
			forced = true
			if first {
				x.a, x.b = x.b, x.a
			}
			if cycle := c.p.order(c.g, x.a, x.b, certain); cycle != nil {
				return append(c.g.transactions(cycle), x.a, x.b), true
			}
		}
		if c.open = open; !forced || len(open) == 0 {
			return nil, true
		}
	}
}

// impossible tells of both literals of each open choice whether an edge of it closes a cycle.
func (c *choices) impossible() (found []bool, done bool) {
	found = make([]bool, 2*len(c.open))
	byLater := c.byLater()
	order := c.g.order()
	var members []int32 // of the block
	slot := make([]int32, c.p.h.Len())
	for _, node := range order {
		t := c.p.transaction(node)
		if t == none || node != c.p.begin(t) {
			continue
		}
		slot[t] = int32(len(members))
		if members = append(members, t); len(members) < block {
			continue
		}
		if !c.test(members, slot, byLater, order, found) {
			return nil, false
		}
		members = members[:0]
	}
	return found, c.test(members, slot, byLater, order, found)
}

// byLater are the literals by the transaction that comes second.
func (c *choices) byLater() [][]literal {
	by := make([][]literal, c.p.h.Len())
	for i, x := range c.open {
		by[x.b] = append(by[x.b], literal(2*i))
		by[x.a] = append(by[x.a], literal(2*i+1))
	}
	return by
}

// test looks at the literals in which a transaction of the block comes second.
func (c *choices) test(members, slot []int32, byLater [][]literal, order []int32, found []bool) bool {
	if len(members) == 0 {
		return true
	}
	reached := c.reached(members, order)
	for _, second := range members {
		for _, lit := range byLater[second] {
			x := c.open[lit/2]
			first := x.a + x.b - second
			c.p.each(first, second, lit, func(e edge) {
				c.p.steps--
				bit := 2 * slot[second]
				if e.to != c.p.begin(second) {
					bit++
				}
				found[lit] = found[lit] || e.from == e.to || reached[e.from].has(bit)
			})
		}
	}
	return c.p.steps > 0
}

// reached computes which nodes of the block lead to each node.
func (c *choices) reached(members, order []int32) []reach {
	reached := make([]reach, len(order))
	for i, t := range members {
		reached[c.p.begin(t)].set(int32(2 * i))
		reached[c.p.commit(t)].set(int32(2*i + 1))
	}
	for _, node := range order[c.g.place[c.p.begin(members[0])]:] {
		for i := c.g.out[node]; i != none; i = c.g.edges[i].nextOut {
			c.p.steps--
			reached[c.g.edges[i].to].add(&reached[node])
		}
	}
	return reached
}
