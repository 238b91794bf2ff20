package ladder

import "sort"

// forced is the order that every sequential order of a history keeps: program order, reads from, and for each read of w1 and
// each other write w2 of its key
//
//	w2 before w1, if w2 is before the read
//	the read before w2, if w1 is before w2
//
// and what follows from all of it. If it has a cycle there is no sequential order. If it has none there may yet be none:
// whether there is one takes exponential time at worst (Gibbons and Korach 1997). It is found in rounds, each of which
// computes vector clocks and adds what the rules ask for until they ask for nothing new.
type forced struct {
	*reading
	clock   *clock
	graph   *graph
	writers [][]span32 // by key, the writes of each session that wrote it
	clocks  []int32    // by op and session
}

// span32 is a list of ops of one session.
type span32 struct {
	session int32
	ops     []int32
}

const ruleCyclicOrder = "CyclicOrder" // the forced order has a cycle

func newForced(r *reading, c *clock) *forced {
	f := &forced{reading: r, clock: c, graph: r.programAndReads(), writers: make([][]span32, len(r.keys))}
	for s, of := range r.sessions {
		c.Spend(int(of.end - of.begin))
		for i := of.begin; i < of.end; i++ {
			if !r.ops[i].writes {
				continue
			}
			list := f.writers[r.ops[i].key]
			if n := len(list); n == 0 || list[n-1].session != int32(s) {
				list = append(list, span32{session: int32(s)})
			}
			last := &list[len(list)-1]
			last.ops = append(last.ops, i)
			f.writers[r.ops[i].key] = list
		}
	}
	return f
}

// saturate adds edges until there is nothing to add, or a cycle.
func (f *forced) saturate() *breach {
	f.clocks = make([]int32, len(f.ops)*len(f.sessions))
	for {
		order := f.graph.order()
		if order == nil {
			return f.breach(f.graph.cycle())
		}
		f.computeClocks(order)
		before := len(f.graph.edges)
		for i := range f.clock.UpTo(len(f.ops)) {
			if f.ops[i].reads() {
				if b := f.read(int32(i)); b != nil {
					return b
				}
			}
		}
		if len(f.graph.edges) == before {
			return nil
		}
	}
}

func (f *forced) computeClocks(order []int32) {
	clear(f.clocks)
	start, index := f.graph.outgoing()
	for _, i := range order {
		f.clock.Spend(1)
		mine := f.of(i)
		mine[f.ops[i].session] = f.place(i) + 1
		for _, e := range index[start[i]:start[i+1]] {
			f.clock.Spend(len(mine))
			for q, n := range f.of(f.graph.edges[e].to) {
				if n < mine[q] {
					f.of(f.graph.edges[e].to)[q] = mine[q]
				}
			}
		}
	}
}

func (f *forced) of(i int32) []int32 {
	s := len(f.sessions)
	return f.clocks[int(i)*s : int(i+1)*s]
}

func (f *forced) before(i, j int32) bool { return f.of(j)[f.ops[i].session] > f.place(i) }

// read applies the rules to a read. Of the writes of one session that are before it the last one is enough, and of those that
// w1 is before the first one.
func (f *forced) read(i int32) *breach {
	o := &f.ops[i]
	for _, list := range f.writers[o.key] {
		f.clock.Spend(8)
		n := sort.Search(len(list.ops), func(k int) bool { w := list.ops[k]; return w == i || !f.before(w, i) })
		if n > 0 && list.ops[n-1] != o.from {
			w := list.ops[n-1]
			if o.from == initial {
				return f.breach(nil, w, i)
			}
			if !f.before(w, o.from) {
				f.graph.addBy(w, o.from, i, conflict)
			}
		}
		if o.from != initial {
			n = sort.Search(len(list.ops), func(k int) bool { w := list.ops[k]; return w != o.from && f.before(o.from, w) })
		} else {
			n = 0
		}
		if n < len(list.ops) && list.ops[n] != i && !f.before(i, list.ops[n]) {
			f.graph.addBy(i, list.ops[n], o.from, antiConflict)
		}
	}
	return nil
}

// breach tells what a cycle rests on, or that a write comes before a read of the initial value: each edge rests on edges that
// were added before it.
func (f *forced) breach(cycle []edge, pair ...int32) *breach {
	s := newSupport(f.graph, func(e int32) int32 { return e })
	s.cycle(cycle)
	if len(pair) == 2 {
		cycle = append(s.path(pair[0], pair[1], int32(len(f.graph.edges))), edge{pair[1], pair[0], [2]int32{initial, nothing}, antiConflict})
		s.kept[pair[0]], s.kept[pair[1]] = true, true
	}
	return (&breach{rule: ruleCyclicOrder, cycle: cycle}).restsOn(f.reading, s.ops())
}
