package graph

import "slices"

// search looks for shortest cycles of one class in a part. It is a breadth-first search of the product of the graph and the automaton of the
// class: its states are transactions, together with what matters of the way to them.
//
// The way that it finds may come through a transaction twice. Then it is no cycle but several, and one of these is of a class that every level
// of isolation forbids which forbids this one: if a way of class G2 or G2-item falls apart, any cycle will do; a way with one rw has
// it in one of its parts; and where two ways without adjacent rw meet, both of the edges that lead to there and both that lead
// on would have to be rw for either part to have adjacent ones, so that one part has none. Such ways are passed over. They can hide a cycle of
// the class, or a shorter one than is found, but only where there is one that says more.
type search struct {
	*part
	auto  *automaton
	gone  []bool // pivots that were searched through
	start int32

	round   int32
	seen    []int32 // of each state, the round in which it was reached
	from    []int32 // of each state, the one before it; -1 for the start
	kind    []Kind  // of each state, the edge that led to it
	chained []int32 // of each state, the round in which all that follow it in its process were reached
	reached []int32 // of each state of the automaton, from which transaction on all were reached by real time
	queue   []int32
	hubs    []int32
	work    int64 // arcs that were looked at
	found   []Edge
}

func newSearch(p *part, c Class) *search {
	s := &search{part: p, auto: automatonOf(c), gone: make([]bool, p.Txns())}
	states := len(s.auto.next) * p.nodes()
	s.seen, s.from, s.kind = make([]int32, states), make([]int32, states), make([]Kind, states)
	if c.Kinds().Has(Process) {
		s.chained = make([]int32, states)
	}
	s.reached = make([]int32, len(s.auto.next))
	return s
}

// shortest returns a shortest cycle through any of the pivots, and whether it had work left to look everywhere.
func (s *search) shortest(pivots []int32, least int, work int64) (cycle []Edge, complete bool) {
	bound := s.Txns() + 1
	for _, pivot := range pivots {
		if s.work > work || s.stopped() {
			return cycle, false
		}
		if found := s.through(pivot, bound); found != nil {
			cycle, bound = found, len(found)
		}
		if bound == least {
			break
		}
		s.gone[pivot] = true
	}
	return cycle, true
}

// through returns a shortest cycle of less than bound edges through a transaction.
func (s *search) through(start int32, bound int) []Edge {
	s.start, s.found = start, nil
	s.round++
	for i := range s.reached {
		s.reached[i] = int32(s.Txns())
	}
	s.queue = s.queue[:0]
	s.expand(-1, start, 0)
	nodes := int32(s.nodes())
	for at, length := 0, 2; length < bound && s.found == nil && at < len(s.queue); length++ {
		for level := len(s.queue); at < level && s.found == nil; at++ {
			item := s.queue[at]
			s.expand(item, item%nodes, int8(item/nodes))
		}
	}
	return s.found
}

// expand goes on along all edges of a transaction.
func (s *search) expand(item, t int32, state int8) {
	next := &s.auto.next[state]
	arcs := s.arcs.of(t)
	s.work += int64(len(arcs)) + 1
	for _, a := range arcs {
		to := next[a.Kind]
		switch {
		case to == dead:
		case a.To < int32(s.Txns()):
			s.arrive(item, a.To, to, a.Kind)
		default:
			s.throughHubs(item, a.To, to, a.Kind)
		}
	}
	if to := next[Process]; to != dead {
		for n := s.next[t]; n >= 0 && s.chained[s.state(n, to)] != s.round; n = s.next[n] {
			s.chained[s.state(n, to)] = s.round
			s.arrive(item, n, to, Process)
		}
	}
	if to := next[Realtime]; to != dead {
		for n := s.later[t]; n < s.reached[to]; n++ {
			s.arrive(item, n, to, Realtime)
		}
		s.reached[to] = min(s.reached[to], s.later[t])
	}
}

func (s *search) state(node int32, state int8) int32 { return int32(state)*int32(s.nodes()) + node }

// throughHubs goes on along the edges that a hub stands for.
func (s *search) throughHubs(item, hub int32, state int8, k Kind) {
	s.hubs = append(s.hubs[:0], hub)
	for len(s.hubs) > 0 {
		hub := s.hubs[len(s.hubs)-1]
		s.hubs = s.hubs[:len(s.hubs)-1]
		if n := s.state(hub, state); s.seen[n] != s.round {
			s.seen[n] = s.round
			for _, a := range s.arcs.of(hub) {
				if a.To < int32(s.Txns()) {
					s.arrive(item, a.To, state, k)
				} else {
					s.hubs = append(s.hubs, a.To)
				}
			}
		}
	}
}

// arrive reaches a transaction by an edge.
func (s *search) arrive(item, t int32, state int8, k Kind) {
	s.work++
	if t == s.start {
		if s.auto.closes[state] && s.found == nil {
			s.found = s.cycle(item, k)
		}
		return
	}
	n := s.state(t, state)
	if s.gone[t] || s.seen[n] == s.round {
		return
	}
	s.seen[n], s.from[n], s.kind[n] = s.round, item, k
	s.queue = append(s.queue, n)
}

// cycle is the way to a state, and back to the start by an edge; nil if it comes through a transaction twice.
func (s *search) cycle(item int32, k Kind) []Edge {
	var edges []Edge
	to := s.start
	nodes := int32(s.nodes())
	for ; item >= 0; item = s.from[item] {
		t := item % nodes
		edges = append(edges, Edge{t, to, k})
		k, to = s.kind[item], t
	}
	edges = append(edges, Edge{s.start, to, k})
	slices.Reverse(edges)
	been := map[int32]bool{}
	for _, e := range edges {
		if been[e.From] {
			return nil
		}
		been[e.From] = true
	}
	return edges
}
