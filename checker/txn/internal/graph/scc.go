package graph

import (
	"slices"

	"faultline/checker/txn/internal/scc"
	"faultline/checker/txn/models"
)

// components returns the strongly connected components of two transactions and more, each as its nodes in order, in the order of their first
// nodes. Only nodes that are left count (all if it is nil), and only edges of these kinds.
//
// Real time takes no more than three arcs a transaction: one node stands for the moment of each invocation. It leads to the transaction that
// is invoked and to the next moment, and whoever returns leads to the next moment.
func components(in *Input, kinds Kinds, left []bool) [][]int32 {
	s := &successors{in: in, kinds: kinds, left: left, moments: int32(in.nodes())}
	nodes := in.nodes()
	if kinds.Has(Realtime) {
		nodes += in.Txns()
	}
	if kinds.Has(Process) {
		s.next = in.sessions()
	}
	var found [][]int32
	scc.Each(nodes, s.of, func(component []int32) {
		if len(component) == 1 {
			return
		}
		component = slices.Clone(component)
		slices.Sort(component)
		moments, _ := slices.BinarySearch(component, s.moments)
		if txns, _ := slices.BinarySearch(component, int32(in.Txns())); txns > 1 {
			found = append(found, component[:moments])
		}
	})
	slices.SortFunc(found, func(a, b []int32) int { return int(a[0] - b[0]) })
	return found
}

// successors are what edges lead to from the nodes of an input that are left, and from moments.
type successors struct {
	in      *Input
	kinds   Kinds
	left    []bool
	next    []int32 // see Input.sessions; nil if sessions do not matter
	moments int32   // moments are the nodes from here on
	arcs    []Arc
}

func (s *successors) isLeft(node int32) bool {
	if s.left != nil {
		return s.left[node]
	}
	return node >= int32(s.in.Txns()) || s.in.Committed[node]
}

func (s *successors) of(node int32, to []int32) []int32 {
	if node >= s.moments {
		return s.ofMoment(node-s.moments, to)
	}
	if !s.isLeft(node) {
		return to
	}
	s.arcs = s.in.Out(node, s.arcs[:0])
	isHub := node >= int32(s.in.Txns())
	for _, a := range s.arcs {
		if (isHub || s.kinds.Has(a.Kind)) && s.isLeft(a.To) {
			to = append(to, a.To)
		}
	}
	if isHub {
		return to
	}
	if s.next != nil && s.next[node] >= 0 && s.isLeft(s.next[node]) {
		to = append(to, s.next[node])
	}
	if s.kinds.Has(Realtime) {
		if after := s.in.after(node); after < int32(s.in.Txns()) {
			to = append(to, s.moments+after)
		}
	}
	return to
}

// ofMoment are what comes after the moment at which a transaction is invoked.
func (s *successors) ofMoment(invoked int32, to []int32) []int32 {
	if invoked+1 < int32(s.in.Txns()) {
		to = append(to, s.moments+invoked+1)
	}
	if s.isLeft(invoked) {
		to = append(to, invoked)
	}
	return to
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
