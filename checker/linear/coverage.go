package linear

import (
	"cmp"
	"slices"

	"faultline/internal/timebound"
)

// timeline numbers the events that matter from 0, in order. What lies between an event and the next is a moment, and has the number of the
// event before it; the last moment has no end.
type timeline struct {
	positions []int32
	numbers   []int32 // position, counted from the first → number; nil if positions are too far apart for such a table
}

// newTimeline numbers the positions of the elements' operations, and of what found their container empty.
func newTimeline(all *contents, c *clock) *timeline {
	t := &timeline{positions: make([]int32, 0, 4*len(all.elements)+2*len(all.empty))}
	add := func(i interval) {
		for _, p := range [...]int32{i.call, i.ret} {
			if p != never {
				t.positions = append(t.positions, p)
			}
		}
	}
	for _, e := range all.elements {
		add(e.insert)
		add(e.remove)
	}
	for _, e := range all.empty {
		add(e)
	}
	timebound.SortFunc(c, t.positions, cmp.Compare[int32])
	t.positions = slices.Compact(t.positions)
	t.tabulate(c)
	return t
}

// tabulate makes the table of numbers.
func (t *timeline) tabulate(c *clock) {
	n := len(t.positions)
	if n == 0 || int(t.positions[n-1])-int(t.positions[0]) > 4*n {
		return
	}
	t.numbers = make([]int32, int(t.positions[n-1])-int(t.positions[0])+1)
	for i := range c.UpTo(n) {
		t.numbers[t.positions[i]-t.positions[0]] = int32(i)
	}
}

// moments is how many there are.
func (t *timeline) moments() int { return len(t.positions) }

// number is that of an event; behind all of them for one that never comes.
func (t *timeline) number(position int32) int {
	switch {
	case position == never:
		return len(t.positions)
	case t.numbers != nil:
		return int(t.numbers[position-t.positions[0]])
	default:
		i, _ := slices.BinarySearch(t.positions, position)
		return i
	}
}

// coverage counts, for each moment, the elements that are certainly there: a segment tree with counts that are added to a whole
// range at once. All that it does takes logarithmic time.
type coverage struct {
	size  int     // a power of two
	least []int32 // node → the least count below it, without what was added to the nodes above
	added []int32 // node → what was added to all moments below it
}

func newCoverage(moments int) *coverage {
	size := 1
	for size < moments {
		size *= 2
	}
	return &coverage{size: size, least: make([]int32, 2*size), added: make([]int32, 2*size)}
}

// add adds to the count of the moments from begin to before end.
func (v *coverage) add(begin, end int, n int32) { v.addBelow(1, 0, v.size, begin, end, n) }

func (v *coverage) addBelow(node, low, high, begin, end int, n int32) {
	if end <= low || high <= begin {
		return
	}
	if begin <= low && high <= end {
		v.least[node] += n
		v.added[node] += n
		return
	}
	middle := (low + high) / 2
	v.addBelow(2*node, low, middle, begin, end, n)
	v.addBelow(2*node+1, middle, high, begin, end, n)
	v.least[node] = min(v.least[2*node], v.least[2*node+1]) + v.added[node]
}

// bare is the first moment from begin to before end at which nothing is certainly there; none if there is no such moment.
func (v *coverage) bare(begin, end int) int { return v.bareBelow(1, 0, v.size, begin, end, 0) }

func (v *coverage) bareBelow(node, low, high, begin, end int, above int32) int {
	if end <= low || high <= begin || v.least[node]+above > 0 {
		return none
	}
	if high == low+1 {
		return low
	}
	above += v.added[node]
	middle := (low + high) / 2
	if m := v.bareBelow(2*node, low, middle, begin, end, above); m != none {
		return m
	}
	return v.bareBelow(2*node+1, middle, high, begin, end, above)
}

// extremes finds, in any range of numbered elements, the one with the largest value: a segment tree. An element without a value is never found.
type extremes struct {
	size   int
	best   []int32 // node → the element with the largest value below it; none if there is no value
	values []int
}

func newExtremes(n int) *extremes {
	size := 1
	for size < n {
		size *= 2
	}
	x := &extremes{size: size, best: make([]int32, 2*size), values: make([]int, n)}
	for i := range x.best {
		x.best[i] = none
	}
	return x
}

// set gives an element a value.
func (x *extremes) set(i, value int) {
	x.values[i] = value
	x.best[x.size+i] = int32(i)
	x.update(i)
}

// remove takes the value of an element away.
func (x *extremes) remove(i int) {
	x.best[x.size+i] = none
	x.update(i)
}

func (x *extremes) update(i int) {
	for node := (x.size + i) / 2; node > 0; node /= 2 {
		x.best[node] = x.better(x.best[2*node], x.best[2*node+1])
	}
}

func (x *extremes) better(a, b int32) int32 {
	if a == none || b != none && x.values[b] > x.values[a] {
		return b
	}
	return a
}

// largest is the element with the largest value from begin to before end; none if none has a value.
func (x *extremes) largest(begin, end int) int {
	found := int32(none)
	for begin, end = begin+x.size, end+x.size; begin < end; begin, end = begin/2, end/2 {
		if begin&1 == 1 {
			found = x.better(found, x.best[begin])
			begin++
		}
		if end&1 == 1 {
			end--
			found = x.better(found, x.best[end])
		}
	}
	return int(found)
}
