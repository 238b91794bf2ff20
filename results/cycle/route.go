package cycle

import (
	"cmp"
	"math"
	"slices"
)

const (
	portGap   = 22 // between arrows at one side of a box
	portInset = 14 // from the corners of a box
	leastGap  = 7  // between arrows where there is too little room
)

// route is the way of an arrow. It leaves a box through its top or bottom, runs along channels and past lanes at right angles, and enters
// a box through the top or bottom. One that is level runs straight, from a box to the next one in its lane.
type route struct {
	step     int
	from, to *node
	level    bool
	legs     []*leg // from the first to the last
	label    Label  // on the longest leg
}

// route finds the way of each arrow: first of those that have least choice.
func (l *layout) route() {
	l.channels = make([]channel, len(l.lanes))
	order := slices.Clone(l.routes)
	slices.SortStableFunc(order, func(a, b *route) int { return cmp.Compare(l.choice(a), l.choice(b)) })
	for _, r := range order {
		if !r.level {
			l.find(r)
		}
	}
}

// choice is 0 for arrows that should run straight down or up, and otherwise more for those that go farther.
func (l *layout) choice(r *route) int {
	lanes := max(r.from.lane-r.to.lane, r.to.lane-r.from.lane)
	if lanes == 1 && overlap(r.from, r.to) > 0 {
		return 0
	}
	return 1 + lanes
}

// overlap is how long the range is at which both boxes may have an arrow.
func overlap(a, b *node) float64 {
	return min(a.right(), b.right()) - max(a.x, b.x) - 2*portInset
}

// find finds the way of an arrow that is not level.
func (l *layout) find(r *route) {
	a, b := r.from.lane, r.to.lane
	out, in := a, b-1 // the channels
	switch {
	case a == b:
		in = a
	case a > b:
		out, in = a-1, b
	}
	x := l.corridor(r, out, in)
	first := l.port(r.from, out, x)
	last := l.port(r.to, in, x)
	if out == in {
		l.addLeg(r, out, end{first, out == a}, end{last, in == b})
		return
	}
	if first != x || last == x { // one that runs straight has a leg too, for its label
		l.addLeg(r, out, end{first, out == a}, end{x, out != a})
	} else {
		l.pass(out, x)
	}
	for c := min(out, in) + 1; c < max(out, in); c++ {
		l.pass(c, x)
	}
	if last != x {
		l.addLeg(r, in, end{x, in != b}, end{last, in == b})
	} else {
		l.pass(in, x)
	}
}

func (l *layout) addLeg(r *route, c int, begin, finish end) {
	g := &leg{channel: c, begin: begin, finish: finish}
	r.legs = append(r.legs, g)
	ch := &l.channels[c]
	ch.legs = append(ch.legs, g)
	for _, x := range [...]float64{begin.x, finish.x} {
		if !slices.Contains(ch.verticals, x) {
			ch.verticals = append(ch.verticals, x)
		}
	}
}

func (l *layout) pass(c int, x float64) {
	l.channels[c].verticals = append(l.channels[c].verticals, x)
	l.channels[c].through = append(l.channels[c].through, x)
}

// within is the place at the top or bottom of a box that is next to x.
func within(n *node, x float64) float64 {
	return min(max(x, n.x+portInset), n.right()-portInset)
}

// port is the place where an arrow that runs up or down at x leaves or enters a box.
func (l *layout) port(n *node, c int, x float64) float64 {
	want := within(n, x)
	if want == x {
		return x // the corridor is free
	}
	at := l.freePort(n, c, want)
	l.channels[c].verticals = append(l.channels[c].verticals, at)
	return at
}

// freePort is the free place at the top or bottom of a box that is next to x. Where none is free, arrows come closer to each other.
func (l *layout) freePort(n *node, c int, want float64) float64 {
	for _, gap := range [...]float64{portGap, clearance, leastGap} {
		best := math.Inf(1)
		for at := n.x + portInset; at <= n.right()-portInset; at++ {
			if nearest(l.channels[c].verticals, at) >= gap && math.Abs(at-want) < math.Abs(best-want) {
				best = at
			}
		}
		if !math.IsInf(best, 1) {
			return best
		}
	}
	return want
}
