package linear

import (
	"cmp"
	"slices"
	"sort"

	"faultline/checker"
	"faultline/internal/timebound"
)

// stageNesting is the stage that decides stacks onto which no value comes twice, in n log n. It takes the history apart as
// Lee and Mathur do (OOPSLA 2025, "Efficient Decrease-and-Conquer Linearizability Monitoring") and Abdulla et al. (PLDI 2025, "Efficient
// Linearizability Monitoring"), for histories in which everything returned.
//
// An element is certainly there from the return of its push to the call of its pop. Leaving elements out of a linearization
// leaves one of the rest. The reverse holds in these cases, so that a history can be made smaller until nothing is left:
//
//  1. An element that is never certainly there: its push and its pop overlap, and can follow one another at a moment of both.
//  2. Elements before and after a moment at which none is certainly there. All operations on the former were called before that
//     moment and all on the latter return after it. So two linearizations, one of each, can be moved apart.
//  3. An element that can be pushed before all others and popped after them: its push is called before anything returns, and its
//     pop returns after everything is called.
//
// If there are elements and none of this applies, there is no linearization: consider what is on the stack in one. At a moment at
// which it is empty no element is certainly there, and 2 applies. If it is never empty in between, the element at its bottom is pushed
// first and popped last, and 3 applies.
//
// What found the stack empty needs a moment at which no element is certainly there, before anything is left out by 3. In the order that comes of
// 2 the stack is empty at all such moments.
//
// Pending pops may have taken anything. The history is valid if it is so without them, or if each takes what one that was in no hurry would
// find on top. It is invalid if it is so without the elements that never came out for certain, as then no pop can help. What is
// left is for the search.
const stageNesting = "nesting"

func decideStack(o *object, c *clock) checker.Validity {
	all, answer := o.readContents(c)
	if answer != checker.Valid {
		return answer
	}
	latest := func(a, b element) int { return cmp.Compare(b.insert.ret, a.insert.ret) }
	return all.decideWithTakers(c, latest, func(all *contents) bool { return nests(all, c) })
}

// decideWithTakers decides a container whose pending removals may have taken anything. The rule decides one in which what did not
// come out for certain stays; the first element by the order given is the one that a removal finds.
func (all *contents) decideWithTakers(c *clock, order func(a, b element) int, rule func(*contents) bool) checker.Validity {
	if rule(all) {
		return checker.Valid
	}
	if len(all.takers) == 0 {
		return checker.Invalid
	}
	certain := *all
	certain.elements = slices.DeleteFunc(slices.Clone(all.elements), func(e element) bool { return !e.gone })
	if !rule(&certain) {
		return checker.Invalid
	}
	if rule(all.taken(c, order)) {
		return checker.Valid
	}
	return checker.Unknown
}

// taken is the same contents if each pending removal takes, when it is called, the first of the elements that are there then and do
// not come out otherwise.
func (all *contents) taken(c *clock, order func(a, b element) int) *contents {
	other := *all
	other.elements = slices.Clone(all.elements)
	var stay []*element
	for i := range other.elements {
		if e := &other.elements[i]; !e.gone && e.insert.ret != never {
			stay = append(stay, e)
		}
	}
	timebound.SortFunc(c, stay, func(a, b *element) int { return cmp.Compare(a.insert.ret, b.insert.ret) })
	takers := slices.Clone(all.takers)
	timebound.SortFunc(c, takers, cmp.Compare[int32])
	there := &waiting{order: order}
	for _, call := range takers {
		for c.Spend(1); len(stay) > 0 && stay[0].insert.ret < call; stay = stay[1:] {
			there.put(stay[0])
		}
		if e := there.take(); e != nil {
			e.remove.call = call
		}
	}
	return &other
}

// nests decides contents without pending removals.
func nests(all *contents, c *clock) bool {
	t := newTimeline(all, c)
	s := newStacked(all, t, c)
	for _, e := range all.empty {
		if c.Spend(1); s.there.bare(t.number(e.call), t.number(e.ret)) == none {
			return false
		}
	}
	return s.reduce(c)
}

// stacked are the elements that are certainly there at some moment, by the return of their pushes.
type stacked struct {
	lives []life
	there *coverage
	last  *extremes // element → the call of its pop
	early *extremes // element that is not known to be pushed early enough → the call of its push, negated
	late  *extremes // element that is pushed early enough to be at the bottom → the return of its pop
	next  []int32   // element → itself, or if it is left out one behind it: a union-find
}

// life is an element by the numbers of its events.
type life struct{ pushCall, pushed, popCall, popped int }

func newStacked(all *contents, t *timeline, c *clock) *stacked {
	s := &stacked{there: newCoverage(t.moments())}
	for _, e := range all.elements {
		l := life{t.number(e.insert.call), t.number(e.insert.ret), t.number(e.remove.call), t.number(e.remove.ret)}
		if e.remove.ret == never {
			l.popped++ // than any call
		}
		if l.pushed < l.popCall {
			s.lives = append(s.lives, l)
			s.there.add(l.pushed, l.popCall, 1)
		}
		c.Spend(8)
	}
	timebound.SortFunc(c, s.lives, func(a, b life) int { return cmp.Compare(a.pushed, b.pushed) })
	n := len(s.lives)
	s.last, s.early, s.late, s.next = newExtremes(n), newExtremes(n), newExtremes(n), make([]int32, n+1)
	for i, l := range s.lives {
		s.last.set(i, l.popCall)
		s.early.set(i, -l.pushCall)
		s.next[i] = int32(i)
		c.Spend(8)
	}
	s.next[n] = int32(n)
	return s
}

// first is the first element from i on that is not left out.
func (s *stacked) first(i int) int {
	root := int32(i)
	for s.next[root] != root {
		root = s.next[root]
	}
	for j := int32(i); j != root; {
		j, s.next[j] = s.next[j], root
	}
	return int(root)
}

// reduce leaves elements out until none is left, or none can be. What is between two moments at which nothing is certainly there is a
// range of elements, and decided for itself.
func (s *stacked) reduce(c *clock) bool {
	ranges := [][2]int{{0, len(s.lives)}}
	for len(ranges) > 0 {
		c.Spend(16)
		begin, end := ranges[len(ranges)-1][0], ranges[len(ranges)-1][1]
		ranges = ranges[:len(ranges)-1]
		if begin = s.first(begin); begin >= end {
			continue
		}
		begins, ends := s.lives[begin].pushed, s.lives[s.last.largest(begin, end)].popCall
		if m := s.there.bare(begins, ends); m != none {
			after := sort.Search(end-begin, func(i int) bool { return s.lives[begin+i].pushed > m }) + begin
			ranges = append(ranges, [2]int{begin, after}, [2]int{after, end})
			continue
		}
		if !s.bottom(begin, end, begins, ends, c) {
			return false
		}
		ranges = append(ranges, [2]int{begin, end})
	}
	return true
}

// bottom leaves an element out that can be at the bottom of a range; false if none can.
func (s *stacked) bottom(begin, end, begins, ends int, c *clock) bool {
	for {
		c.Spend(8)
		i := s.early.largest(begin, end)
		if i == none || s.lives[i].pushCall >= begins {
			break
		}
		s.early.remove(i)
		s.late.set(i, s.lives[i].popped)
	}
	i := s.late.largest(begin, end)
	if i == none || s.lives[i].popped <= ends {
		return false
	}
	s.late.remove(i)
	s.last.remove(i)
	s.there.add(s.lives[i].pushed, s.lives[i].popCall, -1)
	s.next[i] = int32(i) + 1
	return true
}
