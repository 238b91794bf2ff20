package weak

// components are the strongly connected components of a relation.
type components struct {
	order  []int32   // all transactions; each after its predecessors, where these are in other components
	cyclic [][]int32 // components of more than one transaction
}

// components finds them as Tarjan does (1972), along predecessors, with a stack of its own, as a history may be one long path. A component is
// complete when those before it are.
func (r *relation) components() components {
	s := &search{r: r, seen: make([]int32, r.h.Len()), low: make([]int32, r.h.Len()), next: make([]int32, r.h.Len())}
	s.out.order = make([]int32, 0, r.h.Len())
	for t := range int32(r.h.Len()) {
		if s.seen[t] == 0 {
			s.from(t)
		}
	}
	return s.out
}

// search is the state of Tarjan's algorithm.
type search struct {
	r     *relation
	seen  []int32 // when each transaction was reached, from 1
	low   []int32 // the earliest that it leads back to; left behind once its component is complete
	next  []int32 // which predecessor is to be looked at
	clock int32
	path  []int32
	open  []int32 // reached, and their component not complete
	out   components
}

const left = int32(1<<31 - 1)

func (s *search) from(t int32) {
	s.reach(t)
	for len(s.path) > 0 {
		t := s.path[len(s.path)-1]
		p, more := s.r.predecessor(t, s.next[t])
		s.next[t]++
		switch {
		case !more:
			s.path = s.path[:len(s.path)-1]
			s.leave(t)
		case p == none:
		case s.seen[p] == 0:
			s.reach(p)
		case s.low[p] != left:
			s.low[t] = min(s.low[t], s.seen[p])
		}
	}
}

func (s *search) reach(t int32) {
	s.clock++
	s.seen[t], s.low[t] = s.clock, s.clock
	s.path, s.open = append(s.path, t), append(s.open, t)
}

// leave completes the component of t if it was reached first of it.
func (s *search) leave(t int32) {
	if len(s.path) > 0 {
		parent := s.path[len(s.path)-1]
		s.low[parent] = min(s.low[parent], s.low[t])
	}
	if s.low[t] != s.seen[t] {
		return
	}
	start := len(s.open) - 1
	for s.open[start] != t {
		start--
	}
	component := s.open[start:]
	s.open = s.open[:start]
	for _, u := range component {
		s.low[u] = left
	}
	s.out.order = append(s.out.order, component...)
	if len(component) > 1 {
		s.out.cyclic = append(s.out.cyclic, append([]int32(nil), component...))
	}
}
