package exact

import "slices"

// components numbers the strongly connected components of all edges.
func (g *graph) components() []int32 {
	n := len(g.out)
	s := &depthFirst{
		g: g, component: make([]int32, n), seen: make([]int32, n), low: make([]int32, n), next: slices.Clone(g.out),
	}
	for i := range s.component {
		s.component[i] = none
	}
	for node := range int32(n) {
		if s.seen[node] == 0 {
			s.from(node)
		}
	}
	return s.component
}

// depthFirst is the state of Tarjan's algorithm (1972), with a stack of its own, as a graph may be one long path.
type depthFirst struct {
	g         *graph
	component []int32
	seen      []int32 // when each node was reached, from 1
	low       []int32 // the earliest that it leads back to
	next      []int32 // the edge of each node that is to be looked at
	clock     int32
	count     int32 // of components
	path      []int32
	open      []int32 // reached, and their component not complete
}

func (s *depthFirst) from(node int32) {
	s.reach(node)
	for len(s.path) > 0 {
		node := s.path[len(s.path)-1]
		i := s.next[node]
		if i == none {
			s.path = s.path[:len(s.path)-1]
			s.leave(node)
			continue
		}
		s.next[node] = s.g.edges[i].nextOut
		switch to := s.g.edges[i].to; {
		case s.seen[to] == 0:
			s.reach(to)
		case s.component[to] == none:
			s.low[node] = min(s.low[node], s.seen[to])
		}
	}
}

func (s *depthFirst) reach(node int32) {
	s.clock++
	s.seen[node], s.low[node] = s.clock, s.clock
	s.path, s.open = append(s.path, node), append(s.open, node)
}

// leave completes the component of a node if the node was reached first of it.
func (s *depthFirst) leave(node int32) {
	if len(s.path) > 0 {
		parent := s.path[len(s.path)-1]
		s.low[parent] = min(s.low[parent], s.low[node])
	}
	if s.low[node] != s.seen[node] {
		return
	}
	for s.component[node] == none {
		last := s.open[len(s.open)-1]
		s.open = s.open[:len(s.open)-1]
		s.component[last] = s.count
	}
	s.count++
}
