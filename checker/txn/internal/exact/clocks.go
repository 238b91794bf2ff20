package exact

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
func (p *problem) newChains(g *graph, order []int32) chains {
	k := chains{of: make([]int32, len(order)), rank: make([]int32, len(order))}
	kept := make([]bool, len(order)) // for the next one in its session
	for i := range g.edges {
		if e := &g.edges[i]; e.why == itself || e.why == session {
			kept[e.from] = true
		}
	}
	last := make([]bool, len(order))
	for _, node := range order {
		k.of[node] = none
		if p.transaction(node) == none && !p.level.missing() {
			continue
		}
		before := g.continued(node, last, kept)
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
func (g *graph) continued(node int32, last, kept []bool) int32 {
	found := none
	for i := g.in[node]; i != none; i = g.edges[i].nextIn {
		switch e := &g.edges[i]; {
		case e.why == itself || e.why == session:
			return e.from
		case last[e.from] && !kept[e.from]:
			found = e.from
		}
	}
	return found
}

// tick computes the clocks for the chains from low.
func (p *problem) tick(g *graph, clocks []clock, order []int32, k chains, low int32) {
	for _, node := range order {
		at := &clocks[node]
		*at = clock{}
		for i := g.in[node]; i != none; i = g.edges[i].nextIn {
			for j, n := range &clocks[g.edges[i].from] {
				at[j] = max(at[j], n)
			}
			p.steps -= width / 4
		}
		if i := k.of[node] - low; k.of[node] >= low && i < width {
			at[i] = k.rank[node]
		}
	}
}
