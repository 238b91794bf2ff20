package linear

import (
	"cmp"
	"iter"
	"slices"

	"faultline/internal/timebound"
)

// timeline numbers the events that matter from 0, in order. What lies between an event and the next is a moment, and has the number of the
// event before it; the last moment has no end.
type timeline struct {
	count     int     // of events
	first     int32   // position
	numbers   []int32 // position, counted from the first → number; nil if positions are too far apart for such a table
	positions []int32 // in order, where there is no table
}

// newTimeline numbers the positions of the elements' operations, and of what found their container empty.
func newTimeline(all *contents, c *clock) *timeline {
	t := &timeline{first: never}
	last, n := int32(0), 0
	for p := range all.positions(c) {
		t.first, last = min(t.first, p), max(last, p)
		n++
	}
	if n > 0 && int(last)-int(t.first) <= 4*n {
		t.tabulate(all, c, int(last-t.first)+1)
		return t
	}
	t.positions = make([]int32, 0, n)
	for p := range all.positions(c) {
		t.positions = append(t.positions, p)
	}
	timebound.SortFunc(c, t.positions, cmp.Compare[int32])
	t.positions = slices.Compact(t.positions)
	t.count = len(t.positions)
	return t
}

// positions are those of the operations of elements, and of what found their container empty, in no order.
func (all *contents) positions(c *clock) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		both := func(i interval) bool {
			return (i.call == never || yield(i.call)) && (i.ret == never || yield(i.ret))
		}
		for i := range all.elements {
			c.Spend(1)
			if e := &all.elements[i]; !both(e.insert) || !both(e.remove) {
				return
			}
		}
		for _, e := range all.empty {
			if c.Spend(1); !both(e) {
				return
			}
		}
	}
}

// tabulate makes the table of numbers, of a size.
func (t *timeline) tabulate(all *contents, c *clock, size int) {
	t.numbers = make([]int32, size)
	for p := range all.positions(c) {
		t.numbers[p-t.first] = 1
	}
	for i := range c.UpTo(size) {
		is := int(t.numbers[i])
		t.numbers[i] = int32(t.count)
		t.count += is
	}
}

// moments is how many there are.
func (t *timeline) moments() int { return t.count }

// number is that of an event; behind all of them for one that never comes.
func (t *timeline) number(position int32) int {
	switch {
	case position == never:
		return t.count
	case t.numbers != nil:
		return int(t.numbers[position-t.first])
	default:
		i, _ := slices.BinarySearch(t.positions, position)
		return i
	}
}

// coverage counts, for each moment, the elements that are certainly there: a segment tree with counts that are added to a whole
// range at once. All that it does takes logarithmic time.
type coverage struct {
	size  int // a power of two
	nodes []covered
}

// covered is a node of the tree. Both counts are together, as whoever looks at one needs the other: the tree is larger than the processor's
// caches.
type covered struct {
	least int32 // the least count below it, without what was added to the nodes above
	added int32 // what was added to all moments below it
}

func newCoverage(moments int) *coverage {
	size := 1
	for size < moments {
		size *= 2
	}
	return &coverage{size: size, nodes: make([]covered, 2*size)}
}

// add adds to the count of the moments from begin to before end.
func (v *coverage) add(begin, end int, n int32) { v.addBelow(1, 0, v.size, begin, end, n) }

func (v *coverage) addBelow(node, low, high, begin, end int, n int32) {
	if end <= low || high <= begin {
		return
	}
	if begin <= low && high <= end {
		v.nodes[node].least += n
		v.nodes[node].added += n
		return
	}
	middle := (low + high) / 2
	v.addBelow(2*node, low, middle, begin, end, n)
	v.addBelow(2*node+1, middle, high, begin, end, n)
	v.nodes[node].least = min(v.nodes[2*node].least, v.nodes[2*node+1].least) + v.nodes[node].added
}

// bare is the first moment from begin to before end at which nothing is certainly there; none if there is no such moment.
func (v *coverage) bare(begin, end int) int { return v.bareBelow(1, 0, v.size, begin, end, 0) }

func (v *coverage) bareBelow(node, low, high, begin, end int, above int32) int {
	if end <= low || high <= begin || v.nodes[node].least+above > 0 {
		return none
	}
	if high == low+1 {
		return low
	}
	above += v.nodes[node].added
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
