package cycle

import (
	"math"
	"slices"
)

const (
	clearance   = 14 // between an arrow and a box or an arrow that it passes
	bendCost    = 40 // a bend is worth as many pixels of way
	searchStep  = 4
	mostBetween = 72 // arrows between the same boxes
)

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
