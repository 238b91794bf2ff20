package linear

import (
	"cmp"

	"faultline/checker"
	"faultline/internal/timebound"
)

// stageSearch is the stage that looks for an order: the algorithm of Wing and Gong (1993) with Lowe's memory
// of configurations (2017, "Testing for linearizability"), as porcupine's, with three differences. A
// configuration is remembered by what differs between configurations, not by a set as long as the
// history, so that memory grows with concurrency. Histories are cut into windows; see windows.go. And
// two rules spare most orders:
//
//   - What changes no state and can happen now happens now. Take a linearization of the rest: moved to
//     its front, the operation is still after all that returned before it was invoked, and nothing
//     else notices.
//   - Of items that do the same, the one that returns first comes first. Take a linearization of the
//     rest in which b comes before a, though a was invoked too and returns earlier: with the two
//     swapped it is one still, as a's new place is after its invocation and b's is before the return
//     of a, so before that of b.
//
// It takes exponential time at worst.
const stageSearch = "search"

// search is the search for an order of some items, which are sorted by invocation.
type search struct {
	machine   machine
	items     []item
	clock     *clock
	allowance *allowance
	most      int64 // bytes for configurations; the search gives up beyond

	// all makes the search go on until it knows every configuration that the items can end in.
	all  bool
	ends []ending

	next, prev []int32  // list of events: 2i is the invocation of item i, 2i+1 its return; the head is 2n
	pendings   []int32  // item → its number among the pending ones
	taken      []uint64 // bit set of the pending items that are done
	definite   int      // items done that are not pending
	returning  int      // items that are not pending
	sorts      []int32
	best       []int32  // sort of item → the candidate of that sort that returns first, or none
	seen       numbered // configurations
	key        []int32
	states     []int32
	frames     []frame
	branches   []branch
}

// bytesPerEnding is what an ending takes, and what it leaves to the next window, apart from the pending items.
const bytesPerEnding = 128

// ending is a configuration in which everything that returned is done.
type ending struct {
	state int32
	open  []int32 // the pending items that took no effect
}

type branch struct{ item, state int32 }

// frame is a configuration on the way, with the branches that lead on from it.
type frame struct {
	item           int32 // what led to it; none at a root
	at, end, begin int32 // branches
}

// bytesPerItem is what a search takes for an item, configurations apart: its links and what there is once for each item on the
// way, a frame and a branch or two.
const bytesPerItem = 100

func newSearch(m machine, items []item, a *allowance, most int64) *search {
	n := len(items)
	a.take(bytesPerItem * n)
	a.spend(4 * n)
	links := make([]int32, 2*(2*n+1))
	s := &search{
		machine: m, items: items, clock: a.clock, allowance: a, most: most,
		next: links[: 2*n+1 : 2*n+1], prev: links[2*n+1:], pendings: make([]int32, n),
		seen: numbered{allowance: a},
	}
	s.link()
	s.classify()
	return s
}

// end gives back what the search took. Its endings remain.
func (s *search) end() { s.allowance.give(bytesPerItem*len(s.items) + s.seen.bytes) }

// link makes the list of events. Where positions are equal, which no history allows, an invocation
// comes before a return: intervals are closed.
func (s *search) link() {
	returns := make([]int32, 0, len(s.items))
	pending := 0
	for i := range s.items {
		if !s.items[i].pending {
			returns = append(returns, int32(i))
			continue
		}
		s.pendings[i] = int32(pending)
		pending++
	}
	s.taken = make([]uint64, (pending+63)/64)
	s.returning = len(returns)
	timebound.SortFunc(s.clock, returns, func(a, b int32) int { return cmp.Compare(s.items[a].ret, s.items[b].ret) })
	last := int32(2 * len(s.items))
	push := func(e int32) { s.next[last], s.prev[e], last = e, last, e }
	for i := range s.items {
		for len(returns) > 0 && s.items[returns[0]].ret < s.items[i].call {
			push(2*returns[0] + 1)
			returns = returns[1:]
		}
		push(2 * int32(i))
	}
	for _, r := range returns {
		push(2*r + 1)
	}
	s.next[last] = none
}

// classify numbers the sorts of items: those of one sort do the same.
func (s *search) classify() {
	type sort struct {
		action    action
		want, put int32
	}
	known := map[sort]int32{}
	s.sorts = make([]int32, len(s.items))
	for i := range s.items {
		it := &s.items[i]
		k := sort{it.action, it.want, it.put}
		if _, ok := known[k]; !ok {
			known[k] = int32(len(known))
		}
		s.sorts[i] = known[k]
	}
	s.best = make([]int32, len(known))
	for i := range s.best {
		s.best[i] = none
	}
}

// run searches from each of some states: for an order or, with all, for every ending. It leaves the
// answer Unknown if it met its bound on memory.
func (s *search) run(roots []int32) checker.Validity {
	for _, root := range roots {
		answer := s.from(root)
		if answer == checker.Unknown || answer == checker.Valid && !s.all {
			return answer
		}
	}
	if len(s.ends) > 0 {
		return checker.Valid
	}
	return checker.Invalid
}

func (s *search) from(root int32) checker.Validity {
	if !s.enter(none, root) {
		return checker.Valid
	}
	for len(s.frames) > 0 {
		f := &s.frames[len(s.frames)-1]
		if f.at == f.end {
			s.leave()
			continue
		}
		b := s.branches[f.at]
		f.at++
		s.lift(b.item)
		if !s.remember(b.state) {
			s.unlift(b.item)
			continue
		}
		if !s.enter(b.item, b.state) {
			return checker.Valid
		}
		if int64(s.seen.bytes) > s.most {
			return checker.Unknown
		}
	}
	return checker.Invalid
}

// enter adds a frame for the configuration that an item led to. It returns false at the end of the search.
func (s *search) enter(item, state int32) bool {
	begin := int32(len(s.branches))
	if s.definite == s.returning {
		if !s.all {
			return false
		}
		e := ending{state: state, open: s.open()}
		s.allowance.take(bytesPerEnding + 4*len(e.open))
		s.ends = append(s.ends, e)
	}
	s.expand(state)
	s.frames = append(s.frames, frame{item: item, begin: begin, at: begin, end: int32(len(s.branches))})
	return true
}

func (s *search) leave() {
	f := s.frames[len(s.frames)-1]
	s.frames = s.frames[:len(s.frames)-1]
	s.branches = s.branches[:f.begin]
	if f.item != none {
		s.unlift(f.item)
	}
}

// open lists the pending items that are not done.
func (s *search) open() []int32 {
	var open []int32
	for e := s.next[2*len(s.items)]; e != none; e = s.next[e] {
		open = append(open, e/2)
	}
	return open
}

// expand appends the branches that lead on from a state: the items that may come next are those that
// were invoked before the first return among those that are left.
func (s *search) expand(state int32) {
	begin := len(s.branches)
	steps := 0
	for e := s.next[2*len(s.items)]; e != none && e&1 == 0; e = s.next[e] {
		steps++
		i := e / 2
		it := &s.items[i]
		if s.machine.pure(it) {
			s.states = s.machine.after(state, it, s.states[:0])
			if len(s.states) > 0 {
				s.branches = append(s.branches[:begin], branch{i, state})
				break
			}
			continue
		}
		sort := s.sorts[i]
		if b := s.best[sort]; b == none || it.ret < s.items[b].ret {
			s.best[sort] = i
		}
	}
	pure := len(s.branches) > begin
	for e := s.next[2*len(s.items)]; e != none && e&1 == 0; e = s.next[e] {
		sort := s.sorts[e/2]
		if i := s.best[sort]; i == e/2 && !pure {
			s.branch(i, state)
		}
	}
	for e := s.next[2*len(s.items)]; e != none && e&1 == 0; e = s.next[e] {
		s.best[s.sorts[e/2]] = none
	}
	s.clock.Spend(16 + 8*steps)
}

// branch appends what an item leads to. A pending one that changes nothing might as well never happen.
func (s *search) branch(i, state int32) {
	it := &s.items[i]
	s.states = s.machine.after(state, it, s.states[:0])
	for _, next := range s.states {
		if next != state || !it.pending {
			s.branches = append(s.branches, branch{i, next})
		}
	}
}

func (s *search) lift(i int32) {
	s.unlink(2 * i)
	if s.items[i].pending {
		s.taken[s.pendings[i]/64] |= 1 << (s.pendings[i] % 64)
		return
	}
	s.unlink(2*i + 1)
	s.definite++
}

func (s *search) unlift(i int32) {
	if s.items[i].pending {
		s.taken[s.pendings[i]/64] &^= 1 << (s.pendings[i] % 64)
	} else {
		s.relink(2*i + 1)
		s.definite--
	}
	s.relink(2 * i)
}

func (s *search) unlink(e int32) {
	s.next[s.prev[e]] = s.next[e]
	if s.next[e] != none {
		s.prev[s.next[e]] = s.prev[e]
	}
}

func (s *search) relink(e int32) {
	s.next[s.prev[e]] = e
	if s.next[e] != none {
		s.prev[s.next[e]] = e
	}
}

// remember reports whether a configuration is new. It is identified by its state, by the items that are
// open and will return, as far as they are invoked before the first of their returns, and by the
// pending items that are done: everything else that was invoked before that return is done, and
// nothing that was invoked after it.
func (s *search) remember(state int32) bool {
	s.key = append(s.key[:0], state)
	for _, w := range s.taken {
		s.key = append(s.key, int32(w), int32(w>>32))
	}
	for e := s.next[2*len(s.items)]; e != none && e&1 == 0; e = s.next[e] {
		if !s.items[e/2].pending {
			s.key = append(s.key, e/2)
		}
	}
	_, fresh := s.seen.number(s.key)
	return fresh
}
