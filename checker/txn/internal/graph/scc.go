package graph

import (
	"math"
	"slices"

	"faultline/checker/txn/models"
)

// components returns the strongly connected components of two transactions and more, each as its nodes in order, in the order of their first
// nodes. Only nodes that are left count (all if it is nil), and only edges of these kinds. It is Tarjan's algorithm (1972) without
// recursion, as a component may have millions of nodes.
//
// Real time takes no more than three arcs a transaction: one node stands for the moment of each invocation. It leads to the transaction that
// is invoked and to the next moment, and whoever returns leads to the next moment.
func components(in *Input, kinds Kinds, left []bool) [][]int32 {
	t := &tarjan{in: in, kinds: kinds, left: left, size: int32(in.nodes())}
	nodes := in.nodes()
	if kinds.Has(Realtime) {
		nodes += in.Txns()
	}
	if kinds.Has(Process) {
		t.next = in.sessions()
	}
	t.index, t.low = make([]int32, nodes), make([]int32, nodes)
	for node := range int32(in.nodes()) {
		if t.index[node] == 0 && t.isLeft(node) {
			t.from(node)
		}
	}
	slices.SortFunc(t.found, func(a, b []int32) int { return int(a[0] - b[0]) })
	return t.found
}

type tarjan struct {
	in    *Input
	kinds Kinds
	left  []bool
	next  []int32
	size  int32 // moments are the nodes from here on

	index, low []int32 // index is 0 for what was not visited and done for what is in a component
	last       int32
	stack      []int32
	path       []visit
	open       []int32 // successors of the nodes of the path that are still to be visited
	arcs       []Arc
	found      [][]int32
}

// visit is a node of the path, and where in open its successors begin.
type visit struct{ node, open int32 }

const done = math.MaxInt32

func (t *tarjan) isLeft(node int32) bool {
	if t.left != nil {
		return t.left[node]
	}
	return node >= int32(t.in.Txns()) || t.in.Committed[node]
}

func (t *tarjan) from(node int32) {
	t.enter(node)
	for len(t.path) > 0 {
		v := &t.path[len(t.path)-1]
		if len(t.open) == int(v.open) {
			t.leave()
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
	t.path = append(t.path, visit{node, int32(len(t.open))})
	if node >= t.size {
		t.moment(node - t.size)
		return
	}
	t.arcs = t.in.Out(node, t.arcs[:0])
	isHub := node >= int32(t.in.Txns())
	for _, a := range t.arcs {
		if (isHub || t.kinds.Has(a.Kind)) && t.isLeft(a.To) {
			t.open = append(t.open, a.To)
		}
	}
	if isHub {
		return
	}
	if t.next != nil && t.next[node] >= 0 && t.isLeft(t.next[node]) {
		t.open = append(t.open, t.next[node])
	}
	if t.kinds.Has(Realtime) {
		if after := t.in.after(node); after < int32(t.in.Txns()) {
			t.open = append(t.open, t.size+after)
		}
	}
}

// moment opens what comes after the moment at which a transaction is invoked.
func (t *tarjan) moment(invoked int32) {
	if invoked+1 < int32(t.in.Txns()) {
		t.open = append(t.open, t.size+invoked+1)
	}
	if t.isLeft(invoked) {
		t.open = append(t.open, invoked)
	}
}

func (t *tarjan) leave() {
	node := t.path[len(t.path)-1].node
	t.path = t.path[:len(t.path)-1]
	if len(t.path) > 0 {
		parent := t.path[len(t.path)-1].node
		t.low[parent] = min(t.low[parent], t.low[node])
	}
	if t.low[node] == t.index[node] {
		t.component(node)
	}
}

// component takes a component from the stack, up to its root.
func (t *tarjan) component(root int32) {
	var nodes []int32
	txns := 0
	for {
		node := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.index[node] = done
		if node < t.size {
			nodes = append(nodes, node)
		}
		if node < int32(t.in.Txns()) {
			txns++
		}
		if node == root {
			break
		}
	}
	if txns > 1 {
		slices.Sort(nodes)
		t.found = append(t.found, nodes)
	}
}

// Components returns the transactions of each strongly connected component of two and more, by the edges of a level.
func Components(in *Input, level models.Level) [][]int32 {
	left := peel(in, level)
	if left == nil {
		return nil
	}
	found := components(in, allData|levelKinds(level), left)
	for i, nodes := range found {
		txns, _ := slices.BinarySearch(nodes, int32(in.Txns()))
		found[i] = nodes[:txns]
	}
	return found
}
