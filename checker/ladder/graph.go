package ladder

import (
	"slices"

	"faultline/checker"
)

// why says for what reason one op comes before another.
type why uint8

const (
	programOrder why = iota // of one session
	readsFrom               // the second read what the first wrote
	conflict                // the second one's value was read by what the first, on the same key, came before
	antiConflict            // the first read what the second, on the same key, replaced
	goesForward             // a session read or wrote the first version before it read or wrote the second
	readBefore              // what the second wrote came after a read of the first
	begins                  // the initial value comes before all others
)

var whys = [...]string{
	programOrder: "program order", readsFrom: "reads from", conflict: "conflict",
	antiConflict: "overwrites what was read", goesForward: "seen in this order", readBefore: "read before it was written",
	begins: "initial value",
}

// dependencies are what they are in the words of other checkers.
var dependencies = [...]checker.Dependency{
	programOrder: checker.Process, readsFrom: checker.WR, conflict: checker.WW,
	antiConflict: checker.RW, goesForward: checker.WW, readBefore: checker.WFR,
	begins: checker.WW,
}

func (w why) String() string { return whys[w] }

// edge is a reason why from comes before to. It may rest on other ops.
type edge struct {
	from, to int32
	by       [2]int32 // ops that it rests on; nothing where there is none
	why      why
}

// graph is a relation among ops, made for asking once whether it has a cycle.
type graph struct {
	bound *clock
	nodes int
	edges []edge
}

func (g *graph) add(from, to int32, w why) { g.addBy(from, to, nothing, w) }

func (g *graph) addBy(from, to, by int32, w why) {
	g.edges = append(g.edges, edge{from, to, [2]int32{by, nothing}, w})
}

// outgoing lists edges by the node that they leave: those of node n are index[start[n]:start[n+1]].
func (g *graph) outgoing() (start, index []int32) {
	start = make([]int32, g.nodes+1)
	for i := range g.bound.UpTo(len(g.edges)) {
		start[g.edges[i].from+1]++
	}
	for n := range g.bound.UpTo(g.nodes) {
		start[n+1] += start[n]
	}
	index = make([]int32, len(g.edges))
	next := slices.Clone(start[:g.nodes])
	for i := range g.bound.UpTo(len(g.edges)) {
		from := g.edges[i].from
		index[next[from]] = int32(i)
		next[from]++
	}
	return start, index
}

// order returns the nodes in an order that keeps the relation; nil if it has a cycle. It takes linear time (Kahn 1962).
func (g *graph) order() []int32 {
	start, index := g.outgoing()
	order, _ := g.sorted(start, index)
	if len(order) < g.nodes {
		return nil
	}
	return order
}

// sorted returns as much of an order as there is, and for each node how many edges come to it from outside of that.
func (g *graph) sorted(start, index []int32) (order, incoming []int32) {
	incoming = make([]int32, g.nodes)
	for i := range g.bound.UpTo(len(g.edges)) {
		incoming[g.edges[i].to]++
	}
	order = make([]int32, 0, g.nodes)
	for n := range g.bound.UpTo(g.nodes) {
		if incoming[n] == 0 {
			order = append(order, int32(n))
		}
	}
	for done := 0; done < len(order); done++ {
		n := order[done]
		g.bound.Spend(1 + int(start[n+1]-start[n]))
		for _, e := range index[start[n]:start[n+1]] {
			to := g.edges[e].to
			if incoming[to]--; incoming[to] == 0 {
				order = append(order, to)
			}
		}
	}
	return order, incoming
}

// cycle returns the edges of a cycle, a short one; nil if there is none. Where there is one it takes a few breadth-first
// searches.
func (g *graph) cycle() []edge {
	start, index := g.outgoing()
	order, incoming := g.sorted(start, index)
	if len(order) == g.nodes {
		return nil
	}
	return g.shortest(start, index, incoming)
}

// attempts bounds the nodes from which a shortest cycle is looked for.
const attempts = 32

// shortest looks for the shortest cycle through some of the nodes that have incoming edges left, each of which is on a cycle
// or behind one.
func (g *graph) shortest(start, index, incoming []int32) []edge {
	var best []edge
	tried := 0
	for n := range g.bound.UpTo(g.nodes) {
		if incoming[n] == 0 {
			continue
		}
		at := g.onCycle(int32(n), incoming)
		if c := g.through(at, start, index, incoming); best == nil || len(c) < len(best) {
			best = c
		}
		if tried++; tried == attempts || len(best) <= 2 {
			break
		}
	}
	return best
}

// onCycle walks back from a node until it comes to one where it has been: that one is on a cycle.
func (g *graph) onCycle(n int32, incoming []int32) int32 {
	before := map[int32]int32{}
	for i := range g.bound.UpTo(len(g.edges)) {
		if e := &g.edges[i]; incoming[e.from] > 0 && incoming[e.to] > 0 {
			before[e.to] = e.from
		}
	}
	been := map[int32]bool{}
	for !been[n] {
		g.bound.Spend(1)
		been[n] = true
		n = before[n]
	}
	return n
}

// through returns a shortest cycle through a node that is on one.
func (g *graph) through(n int32, start, index, incoming []int32) []edge {
	reached := map[int32]int32{} // node → the edge by which it was reached first
	for open := []int32{n}; len(open) > 0; open = open[1:] {
		g.bound.Spend(1 + int(start[open[0]+1]-start[open[0]]))
		for _, e := range index[start[open[0]]:start[open[0]+1]] {
			to := g.edges[e].to
			if _, ok := reached[to]; ok || incoming[to] == 0 {
				continue
			}
			reached[to] = e
			open = append(open, to)
		}
		if _, ok := reached[n]; ok {
			break
		}
	}
	var path []edge
	for at := n; ; {
		e := g.edges[reached[at]]
		path = append(path, e)
		if at = e.from; at == n {
			slices.Reverse(path)
			return path
		}
	}
}
