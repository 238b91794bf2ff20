package ladder

import "slices"

// A breach is found in a history of thousands of operations, and shown by a few. First those are collected that it rests on,
// which is what this file does, then as many of them as possible are left out again.

// support collects the ops that edges rest on: what they connect, and for a conflict a path from its write to the read,
// through edges that were there before it. So what a conflict rests on in turn is collected as well.
type support struct {
	graph  *graph
	before func(e int32) int32 // how many of the edges a conflict rests on, at most
	start  []int32
	index  []int32
	kept   map[int32]bool // ops
	edges  map[int32]bool
}

func newSupport(g *graph, before func(e int32) int32) *support {
	s := &support{graph: g, before: before, kept: map[int32]bool{}, edges: map[int32]bool{}}
	s.start, s.index = g.outgoing()
	return s
}

func (s *support) add(e int32) {
	if s.edges[e] {
		return
	}
	s.edges[e] = true
	it := s.graph.edges[e]
	for _, i := range [...]int32{it.from, it.to, it.by[0]} {
		if i >= 0 {
			s.kept[i] = true
		}
	}
	switch it.why {
	case conflict: // the write is before the read
		s.path(it.from, it.by[0], s.before(e))
	case antiConflict: // what was read is before the other write
		if it.by[0] >= 0 {
			s.path(it.by[0], it.to, s.before(e))
		}
	}
}

// path adds the edges of a shortest path, of those numbered below end, and returns them.
func (s *support) path(from, to, end int32) []edge {
	reached := map[int32]int32{from: nothing}
	for open := []int32{from}; len(open) > 0; open = open[1:] {
		s.graph.bound.Spend(1 + int(s.start[open[0]+1]-s.start[open[0]]))
		if open[0] == to {
			break
		}
		for _, e := range s.index[s.start[open[0]]:s.start[open[0]+1]] {
			next := s.graph.edges[e].to
			if _, ok := reached[next]; e < end && !ok {
				reached[next] = e
				open = append(open, next)
			}
		}
	}
	var path []edge
	for at := to; at != from; {
		e, ok := reached[at]
		if !ok {
			return nil
		}
		s.add(e)
		path = append(path, s.graph.edges[e])
		at = s.graph.edges[e].from
	}
	slices.Reverse(path)
	return path
}

// cycle adds the edges of a cycle.
func (s *support) cycle(edges []edge) {
	for _, e := range edges {
		for _, i := range s.index[s.start[e.from]:s.start[e.from+1]] {
			if s.graph.edges[i] == e {
				s.add(i)
				break
			}
		}
	}
}

func (s *support) ops() []int32 {
	list := make([]int32, 0, len(s.kept))
	for i := range s.kept {
		list = append(list, i)
	}
	slices.Sort(list)
	return list
}

// supportOf collects what a cycle rests on whose conflicts rest on program order and reads from alone.
func (r *reading) supportOf(g *graph, cycle []edge) []int32 {
	base := int32(0)
	r.bound.Spend(len(g.edges))
	for int(base) < len(g.edges) && g.edges[base].why != conflict {
		base++
	}
	s := newSupport(g, func(int32) int32 { return base })
	s.cycle(cycle)
	return s.ops()
}
