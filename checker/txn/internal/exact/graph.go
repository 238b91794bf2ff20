package exact

import (
	"container/heap"
	"slices"
)

// graph is directed and acyclic, and keeps its nodes in a topological order while edges are added and taken away: Pearce and Kelly, A
// Dynamic Topological Sort Algorithm for Directed Acyclic Graphs (2007).
type graph struct {
	edges   []edge
	out, in []int32 // the last edge of each node, or none
	missed  []int32 // the last miss of each node, or none
	misses  int     // how many there are
	direct  bool    // misses forbid only what is seen directly
	place   []int32 // of each node in the order
	steps   *int64  // left to be made

	via         []int32 // by which edge a search came to a node, plus 1
	reached     []int32
	before      []int32
	transaction func(node int32) int32 // whose node it is; none if it stands for a point in time or for an initial value
}

// edge is that one node comes before another; or a miss: there is no way from the second to the first.
type edge struct {
	from, to int32
	why      why
	miss     bool
	lit      literal // the choice that it follows from, or certain
	key      int32   // none where no key is the reason

	nextOut, nextIn int32
}

// why is the reason for an edge.
type why uint8

const (
	itself    why = iota // a transaction begins before it commits
	writeRead            // to read what from wrote
	overwrote            // to overwrote what from wrote
	readOld              // to overwrote what from read
	session
	realTime
)

const none int32 = -1

func newGraph(nodes int32, steps *int64, transaction func(int32) int32) *graph {
	g := &graph{steps: steps, transaction: transaction}
	g.out, g.in, g.place, g.via = make([]int32, nodes), make([]int32, nodes), make([]int32, nodes), make([]int32, nodes)
	g.missed = make([]int32, nodes)
	for i := range nodes {
		g.out[i], g.in[i], g.missed[i], g.place[i] = none, none, none, i
	}
	return g
}

// link adds an edge whatever the order is.
func (g *graph) link(e edge) {
	at := int32(len(g.edges))
	if e.miss {
		e.nextOut, g.missed[e.from] = g.missed[e.from], at
		g.misses++
	} else {
		e.nextOut, e.nextIn = g.out[e.from], g.in[e.to]
		g.out[e.from], g.in[e.to] = at, at
	}
	g.edges = append(g.edges, e)
}

// unlink takes away all edges but the first n.
func (g *graph) unlink(n int) {
	for i := len(g.edges) - 1; i >= n; i-- {
		if e := &g.edges[i]; e.miss {
			g.missed[e.from] = e.nextOut
			g.misses--
		} else {
			g.out[e.from], g.in[e.to] = e.nextOut, e.nextIn
		}
	}
	g.edges = g.edges[:n]
}

// sort finds an order of the nodes, the one of the smaller moment first where there is a choice. It returns the edges of a cycle if there is one.
func (g *graph) sort(moment func(node int32) int64) []edge {
	if g.acyclic(moment) {
		return nil
	}
	return g.shortCycle()
}

// acyclic finds an order of the nodes as sort does, and tells whether there is one.
func (g *graph) acyclic(moment func(node int32) int64) bool {
	waits := make([]int32, len(g.out))
	for i := range g.edges {
		if e := &g.edges[i]; !e.miss {
			waits[e.to]++
		}
	}
	var ready moments
	for node, n := range waits {
		if n == 0 {
			ready = append(ready, event{moment(int32(node)), int32(node)})
		}
	}
	heap.Init(&ready)
	count := int32(0)
	for len(ready) > 0 {
		node := heap.Pop(&ready).(event).node
		g.place[node] = count
		count++
		for e := g.out[node]; e != none; e = g.edges[e].nextOut {
			*g.steps--
			to := g.edges[e].to
			if waits[to]--; waits[to] == 0 {
				heap.Push(&ready, event{moment(to), to})
			}
		}
	}
	return int(count) == len(g.out)
}

// cycleEffort bounds the search for a shorter cycle, in edges.
const cycleEffort = 1 << 22

// shortCycle finds a short cycle.
func (g *graph) shortCycle() []edge {
	component := g.components(g.successors)
	sizes := make([]int32, len(component))
	for _, c := range component {
		sizes[c]++
	}
	var best []edge
	limit := *g.steps - cycleEffort
	for node, c := range component {
		if sizes[c] < 2 || best != nil && *g.steps < limit {
			continue
		}
		cycle := g.search(int32(node), int32(node), len(g.edges), func(n int32) bool { return component[n] == c })
		if best == nil || len(cycle) < len(best) {
			best = cycle
		}
	}
	return best
}

// add adds an edge, and returns the edges of a cycle if it closes one. What it may have reordered is in order with and without the edge.
func (g *graph) add(e edge) []edge {
	low, high := g.place[e.to], g.place[e.from]
	switch {
	case e.miss:
		return g.addMiss(e)
	case e.from == e.to:
		return []edge{e}
	case low < high:
		if cycle := g.search(e.to, e.from, len(g.edges), func(n int32) bool { return g.place[n] <= high }); cycle != nil {
			return append(cycle, e)
		}
		g.reorder(e, low)
	}
	g.link(e)
	return g.sight(e)
}

// search goes from one node to another, breadth first, by the oldest edges and by nodes that may be entered. It leaves in reached where it came.
func (g *graph) search(from, to int32, oldest int, enter func(int32) bool) []edge {
	g.reached = append(g.reached[:0], from)
	defer func() {
		for _, n := range g.reached {
			g.via[n] = 0
		}
	}()
	for head := 0; head < len(g.reached); head++ {
		for i := g.out[g.reached[head]]; i != none; i = g.edges[i].nextOut {
			*g.steps--
			next := g.edges[i].to
			if int(i) >= oldest {
				continue
			}
			if next == to {
				return g.trail(from, i)
			}
			if next != from && g.via[next] == 0 && enter(next) {
				g.via[next] = i + 1
				g.reached = append(g.reached, next)
			}
		}
	}
	return nil
}

// trail is the way by which a search came from a node through a last edge.
func (g *graph) trail(from, last int32) []edge {
	way := []edge{g.edges[last]}
	for node := g.edges[last].from; node != from; node = way[len(way)-1].from {
		way = append(way, g.edges[g.via[node]-1])
	}
	slices.Reverse(way)
	return way
}

// reorder moves what a search from e.to has reached behind what leads to e.from.
func (g *graph) reorder(e edge, low int32) {
	g.before = append(g.before[:0], e.from)
	g.via[e.from] = 1
	for head := 0; head < len(g.before); head++ {
		for i := g.in[g.before[head]]; i != none; i = g.edges[i].nextIn {
			*g.steps--
			if p := g.edges[i].from; g.via[p] == 0 && g.place[p] >= low {
				g.via[p] = 1
				g.before = append(g.before, p)
			}
		}
	}
	byPlace := func(a, b int32) int { return int(g.place[a] - g.place[b]) }
	slices.SortFunc(g.before, byPlace)
	slices.SortFunc(g.reached, byPlace)
	places := make([]int32, 0, len(g.before)+len(g.reached))
	for _, n := range g.before {
		g.via[n] = 0
		places = append(places, g.place[n])
	}
	for _, n := range g.reached {
		places = append(places, g.place[n])
	}
	slices.Sort(places)
	for i, n := range g.before {
		g.place[n] = places[i]
	}
	for i, n := range g.reached {
		g.place[n] = places[len(g.before)+i]
	}
}

// order is the nodes in order.
func (g *graph) order() []int32 {
	nodes := make([]int32, len(g.place))
	for n, place := range g.place {
		nodes[place] = int32(n)
	}
	return nodes
}

// transactions are those whose nodes are on a way, each once.
func (g *graph) transactions(way []edge) []int32 {
	var found []int32
	for _, e := range way {
		for _, n := range []int32{e.from, e.to} {
			if t := g.transaction(n); t != none {
				found = append(found, t)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
