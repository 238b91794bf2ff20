package cycle

import (
	"cmp"
	"math"
	"slices"
)

const (
	portGap    = 22 // between arrows at one side of a box
	portInset  = 14 // from the corners of a box
	clearance  = 14 // between a box and an arrow that passes it
	leastGap   = 7  // between arrows where there is too little room
	bendCost   = 40 // a bend is worth as many pixels of way
	searchStep = 4

	mostBetween = 72 // arrows between the same boxes
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

// leg is what a route does in a channel: it comes in at one place, turns into a track and leaves at another.
type leg struct {
	channel int
	begin   end
	finish  end
	track   int
	label   *Label // the route's, if this is its longest leg
}

// end is where a leg enters or leaves its channel.
type end struct {
	x     float64
	above bool // it is the channel's upper edge
}

func (g *leg) left() float64  { return min(g.begin.x, g.finish.x) }
func (g *leg) right() float64 { return max(g.begin.x, g.finish.x) }

// channel is the room below a lane.
type channel struct {
	verticals []float64 // where arrows run up or down in it
	legs      []*leg
	through   []float64 // where they only pass
	height    float64
	top       float64
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
	if first != x || last == x {
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

// corridor is where an arrow best runs up or down: past all lanes between its boxes, and on the shortest way with the fewest bends.
func (l *layout) corridor(r *route, out, in int) float64 {
	want := l.wanted(r)
	best, least := want, math.Inf(1)
	for _, x := range l.candidates(r) {
		if !l.free(r, out, in, x) {
			continue
		}
		cost := l.cost(r, out == in, x) + math.Abs(x-want)/8 - l.room(r, out, in, x)
		if cost < least {
			best, least = x, cost
		}
	}
	return best
}

// cost is what is to be said against an arrow that runs at x from the first channel to the last: detours, bends, a bend right behind
// another, and too little room for the label.
func (l *layout) cost(r *route, oneChannel bool, x float64) float64 {
	first, last := math.Abs(within(r.from, x)-x), math.Abs(within(r.to, x)-x)
	legs := []float64{first, last}
	if oneChannel {
		legs = []float64{math.Abs(within(r.from, x) - within(r.to, x))}
	}
	cost := first + last
	for _, length := range legs {
		if length > 0 {
			cost += bendCost + max(0, 2*bendRadius-length)*4
		}
	}
	if longest := slices.Max(legs); longest > 0 {
		cost += 2 * max(0, r.label.Width+2*bendRadius-longest)
	}
	return cost
}

// wanted is where an arrow would run if it were alone with those between the same boxes.
func (l *layout) wanted(r *route) float64 {
	left, right := max(r.from.x, r.to.x)+portInset, min(r.from.right(), r.to.right())-portInset
	place, all := 0, 1
	for _, other := range l.routes {
		if other != r && (other.from == r.from && other.to == r.to || other.from == r.to && other.to == r.from) {
			all++
			if other.step < r.step {
				place++
			}
		}
	}
	between := min(mostBetween, max(0, right-left)/float64(max(1, all-1)))
	return (left+right)/2 + between*(float64(place)-float64(all-1)/2)
}

// candidates are the places that corridor looks at.
func (l *layout) candidates(r *route) []float64 {
	var all []float64
	right := l.gutter
	for _, n := range l.nodes {
		right = max(right, n.right())
	}
	for x := l.gutter + margin; x <= right+12*portGap; x += searchStep {
		all = append(all, x)
	}
	return append(all, l.wanted(r))
}

// free reports whether an arrow may run up or down at x: not through a box, and not on another arrow.
func (l *layout) free(r *route, out, in int, x float64) bool {
	low, high := min(r.from.lane, r.to.lane), max(r.from.lane, r.to.lane)
	for _, n := range l.nodes {
		if n.lane > low && n.lane < high && x > n.x-clearance && x < n.right()+clearance {
			return false
		}
	}
	for c := min(out, in); c <= max(out, in); c++ {
		if nearest(l.channels[c].verticals, x) < clearance {
			return false
		}
	}
	return true
}

// room is how far other arrows are away at x, as far as that matters: a label needs some.
func (l *layout) room(r *route, out, in int, x float64) float64 {
	enough := r.label.Width/2 + leastGap
	for c := min(out, in); c <= max(out, in); c++ {
		enough = min(enough, nearest(l.channels[c].verticals, x))
	}
	return enough
}

// nearest is the distance of x to the nearest of some places.
func nearest(places []float64, x float64) float64 {
	least := math.Inf(1)
	for _, p := range places {
		least = min(least, math.Abs(p-x))
	}
	return least
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
