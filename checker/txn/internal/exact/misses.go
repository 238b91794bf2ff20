package exact

// Some levels permit a cycle of two anti-dependencies, and still forbid a transaction to see what it misses. Their anti-dependencies are
// misses: they lead nowhere, but there may be no way from what is missed to who misses it.

// seen is a way by older edges from what is missed to the transaction that misses it; nil if there is none. Where only what is seen directly counts,
// it has one edge between transactions.
func (g *graph) seen(miss edge, oldest int) []edge {
	if !g.direct {
		high := g.place[miss.from]
		if g.place[miss.to] > high {
			return nil
		}
		return g.search(miss.to, miss.from, oldest, func(n int32) bool { return g.place[n] <= high })
	}
	initial := g.transaction(miss.to) == none
	for i := g.in[miss.from]; i != none; i = g.edges[i].nextIn {
		*g.steps--
		e := g.edges[i]
		if int(i) < oldest && e.from == miss.to {
			return []edge{e}
		}
		for k := g.in[e.from]; initial && int(i) < oldest && k != none; k = g.edges[k].nextIn {
			if g.edges[k].from == miss.to {
				return []edge{g.edges[k], e}
			}
		}
	}
	return nil
}

// addMiss adds a miss. If it is seen, it returns the edges of the cycle.
func (g *graph) addMiss(e edge) []edge {
	g.link(e)
	if way := g.seen(e, len(g.edges)); way != nil {
		return append(way, e)
	}
	return nil
}

// sight is the cycle of a miss that is seen since an edge was added; nil if there is none.
func (g *graph) sight(e edge) []edge {
	if g.misses == 0 {
		return nil
	}
	for _, i := range g.suspects(e) {
		if way := g.seen(g.edges[i], len(g.edges)); way != nil {
			return append(way, g.edges[i])
		}
	}
	return nil
}

// suspects are the misses that may be seen by way of an edge: behind it is who misses, before it what is missed.
func (g *graph) suspects(e edge) (found []int32) {
	mark := func(n int32) {
		if g.via[n] == 0 {
			g.via[n] = 1
			g.reached = append(g.reached, n)
		}
	}
	g.reached = g.reached[:0]
	mark(e.to)
	lowest := g.place[e.from]
	for head := 0; head < len(g.reached); head++ {
		n := g.reached[head]
		for i := g.missed[n]; i != none; i = g.edges[i].nextOut {
			*g.steps--
			if at := g.place[g.edges[i].to]; at <= g.place[e.from] {
				found, lowest = append(found, i), min(lowest, at)
			}
		}
		for i := g.out[n]; i != none && !g.direct; i = g.edges[i].nextOut {
			*g.steps--
			mark(g.edges[i].to)
		}
	}
	g.unmark()
	if len(found) == 0 || g.direct {
		return found
	}
	mark(e.from)
	for head := 0; head < len(g.reached); head++ {
		for i := g.in[g.reached[head]]; i != none; i = g.edges[i].nextIn {
			*g.steps--
			if p := g.edges[i].from; g.place[p] >= lowest {
				mark(p)
			}
		}
	}
	before := found[:0]
	for _, i := range found {
		if g.via[g.edges[i].to] != 0 {
			before = append(before, i)
		}
	}
	g.unmark()
	return before
}

// unmark forgets where a search came.
func (g *graph) unmark() {
	for _, n := range g.reached {
		g.via[n] = 0
	}
	g.reached = g.reached[:0]
}

// sighted looks for a miss of a graph that is seen, and returns its cycle. The last result is false if the bound was met before that.
func (p *problem) sighted(g *graph) (cycle []edge, done bool) {
	if g.misses == 0 {
		return nil, true
	}
	var misses []edge
	for _, e := range g.edges {
		if e.miss {
			misses = append(misses, e)
		}
	}
	if g.direct {
		return g.sightedDirectly(misses), p.left() > 0
	}
	order := g.order()
	k := p.newChains(g, order)
	clocks := make([]clock, len(order))
	for low := int32(0); low < k.count; low += width {
		if p.left() <= 0 {
			return nil, false
		}
		p.tick(g, clocks, order, k, low)
		for _, e := range misses {
			p.steps--
			if i := k.of[e.to] - low; i >= 0 && i < width && clocks[e.from][i] >= k.rank[e.to] {
				return append(g.seen(e, len(g.edges)), e), true
			}
		}
	}
	return nil, true
}

func (g *graph) sightedDirectly(misses []edge) []edge {
	for _, e := range misses {
		if way := g.seen(e, len(g.edges)); way != nil {
			return append(way, e)
		}
	}
	return nil
}
