package cycle

import (
	"cmp"
	"math"
	"slices"

	"faultline/checker"
)

// Lengths in pixels.
const (
	charWidth    = 7.25 // of the fonts that a page takes for 12px monospace
	lineHeight   = 17
	boxPadding   = 10
	leastBox     = 44
	roomOfStep   = 46 // of an arrow at a box, with its label
	stagger      = 26 // between the ends of intervals that overlap
	lanePadding  = 8
	trackHeight  = 24 // a channel has a track for each arrow that runs in it
	channelEdge  = 9  // above and below its tracks
	emptyChannel = 10
	margin       = 12
	labelHeight  = 18
	labelPadding = 7
	headLength   = 8
	shaft        = 17 // of an arrow between neighbours, on either side of its label
	longestWord  = 16 // runes of a label
)

// layout is a drawing that is being made.
type layout struct {
	finding  *checker.Finding
	nodes    []*node
	lanes    []int // processes, from top to bottom
	gutter   float64
	routes   []*route
	channels []channel // the one at i is below lane i
	top      []float64 // of each lane
	height   []float64
}

// node is an operation, or the initial value.
type node struct {
	operation         int
	lane              int
	invoked, returned int // returned is never if it is open
	open              bool
	text              boxText
	x, width          float64
	steps             int // that lead to it or away from it
}

const (
	initially = math.MinInt // the process, and the time, of the initial value
	never     = math.MaxInt
)

func newLayout(f *checker.Finding) *layout {
	l := &layout{finding: f}
	used := make([]int, len(f.Operations)+1) // by operation, and the initial value behind them
	at := func(i int) *int { return &used[(i+len(used))%len(used)] }
	for _, s := range f.Steps {
		*at(s.From)++
		*at(s.To)++
	}
	byOperation := map[int]*node{}
	for i := -1; i < len(f.Operations); i++ {
		if i < 0 && *at(i) == 0 || len(f.Operations) > mostBoxes && *at(i) == 0 {
			continue
		}
		n := newNode(f, i, *at(i))
		byOperation[i] = n
		l.nodes = append(l.nodes, n)
	}
	slices.SortStableFunc(l.nodes, func(a, b *node) int { return cmp.Compare(a.invoked, b.invoked) })
	for i, s := range f.Steps {
		l.routes = append(l.routes, &route{step: i, from: byOperation[s.From], to: byOperation[s.To], label: labelOf(i, s)})
	}
	l.widen()
	l.orderLanes()
	return l
}

// mostBoxes is how many operations a drawing has before it leaves out those that no step leads to.
const mostBoxes = 16

func newNode(f *checker.Finding, i, steps int) *node {
	n := &node{operation: i, lane: initially, invoked: initially, returned: initially + 1, steps: steps, text: textOf(f, i)}
	if i >= 0 {
		o := &f.Operations[i]
		n.lane, n.invoked, n.returned = o.Process, o.Invoked, o.Returned
		if n.open = o.Returned < 0; n.open {
			n.returned = never
		}
	}
	return n
}

// widen makes boxes as wide as their texts, and so wide that an arrow is not covered by the label of another.
func (l *layout) widen() {
	for _, r := range l.routes {
		room := max(roomOfStep, r.label.Width/2+leastGap)
		r.from.width += room
		r.to.width += room
	}
	for _, n := range l.nodes {
		n.width = max(leastBox, n.width, n.text.width) + 2*boxPadding
	}
}

// placeInTime gives each box its place from left to right: that of its interval, and as wide as its text at least.
func (l *layout) placeInTime() {
	type event struct {
		at   int
		ends bool
		n    *node
	}
	var events []event
	for _, n := range l.nodes {
		events = append(events, event{n.invoked, false, n}, event{n.returned, true, n})
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	x := l.gutter
	last := make([]*node, len(l.lanes)) // of each lane
	for _, e := range events {
		switch before := last[e.n.lane]; {
		case e.ends && e.n.open:
			continue // it is as wide as its text, and nothing is right of it
		case e.ends:
			e.n.width = max(e.n.width, x+stagger-e.n.x)
			x = e.n.x + e.n.width
			continue
		case before != nil:
			x = max(x, before.right()+l.roomBetween(before, e.n)-stagger)
		}
		x += stagger
		e.n.x = x
		last[e.n.lane] = e.n
	}
}

func (n *node) right() float64 { return n.x + n.width }

// roomBetween is the room between two boxes of a lane: an arrow from one to the other runs straight, with its label on it.
func (l *layout) roomBetween(a, b *node) float64 {
	for _, r := range l.routes {
		if r.from == a && r.to == b {
			r.level = true
			return r.label.Width + 2*shaft
		}
	}
	return stagger
}
