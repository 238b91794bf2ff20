// Package scc finds the strongly connected components of graphs that may have millions of nodes.
package scc

import (
	"math"
	"slices"
)

// Each calls found with each strongly connected component of a graph, those first that are led to: by Tarjan's algorithm (Depth-First Search and
// Linear Graph Algorithms, 1972), without recursion, as a graph may be one long path. Successors appends the nodes to which edges lead from a
// node; one may come twice. It is called once for each node. A component is valid until found returns.
func Each(nodes int, successors func(node int32, to []int32) []int32, found func(component []int32)) {
	t := &tarjan{successors: successors, found: found, index: make([]int32, nodes), low: make([]int32, nodes)}
	for node := range int32(nodes) {
		if t.index[node] == 0 {
			t.from(node)
		}
	}
}

type tarjan struct {
	successors func(node int32, to []int32) []int32
	found      func(component []int32)

	index []int32 // when each node was reached, from 1; 0 if it was not, and done if its component was found
	low   []int32 // the earliest that it leads back to
	last  int32
	path  []visit
	open  []int32 // successors of the nodes of the path that are still to be visited
	stack []int32 // reached, and their component not complete
}

// visit is a node of the path, and where in open its successors begin.
type visit struct{ node, open int32 }

const done = math.MaxInt32

func (t *tarjan) from(node int32) {
	t.enter(node)
	for len(t.path) > 0 {
		v := t.path[len(t.path)-1]
		if len(t.open) == int(v.open) {
			t.leave(v.node)
			continue
		}
		to := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		if t.index[to] == 0 {
			t.enter(to)
		} else {
			t.low[v.node] = min(t.low[v.node], t.index[to])
		}
	}
}

func (t *tarjan) enter(node int32) {
	t.last++
	t.index[node], t.low[node] = t.last, t.last
	t.stack = append(t.stack, node)
	begin := len(t.open)
	t.path = append(t.path, visit{node, int32(begin)})
	t.open = t.successors(node, t.open)
	slices.Reverse(t.open[begin:]) // the first one is visited first
}

// leave goes back from a node, and completes its component if the node was reached first of it.
func (t *tarjan) leave(node int32) {
	t.path = t.path[:len(t.path)-1]
	if len(t.path) > 0 {
		parent := t.path[len(t.path)-1].node
		t.low[parent] = min(t.low[parent], t.low[node])
	}
	if t.low[node] != t.index[node] {
		return
	}
	begin := len(t.stack) - 1
	for t.stack[begin] != node {
		begin--
	}
	component := t.stack[begin:]
	t.stack = t.stack[:begin]
	for _, n := range component {
		t.index[n] = done
	}
	t.found(component)
}
