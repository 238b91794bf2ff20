package replicated

import (
	"faultline/cluster/logical"
	"faultline/internal/timebound"
)

// shortestCircle is a circle of precedences, each from where the one before leads; nil if there is none.
func shortestCircle(clock *timebound.Clock, all []precedence) []precedence {
	from := map[logical.Dot][]precedence{}
	for _, p := range all {
		from[p.from] = append(from[p.from], p)
	}
	left := onCircles(all, from)
	var shortest []precedence
	for _, p := range all {
		if !left[p.from] || !left[p.to] {
			continue
		}
		if way := path(clock, from, p.to, p.from); way != nil || p.from == p.to {
			if circle := append([]precedence{p}, way...); shortest == nil || len(circle) < len(shortest) {
				shortest = circle
			}
		}
	}
	return shortest
}

// onCircles are the characters that are left when those that nothing precedes are taken away, one after the other.
func onCircles(all []precedence, from map[logical.Dot][]precedence) map[logical.Dot]bool {
	preceded, left := map[logical.Dot]int{}, map[logical.Dot]bool{}
	for _, p := range all {
		preceded[p.to]++
		left[p.from], left[p.to] = true, true
	}
	var free []logical.Dot
	for _, p := range all {
		if preceded[p.from] == 0 && left[p.from] {
			left[p.from] = false
			free = append(free, p.from)
		}
	}
	for len(free) > 0 {
		next := free[0]
		free = free[1:]
		for _, p := range from[next] {
			if preceded[p.to]--; preceded[p.to] == 0 {
				left[p.to] = false
				free = append(free, p.to)
			}
		}
	}
	return left
}

// path is a shortest one from a character to another; nil if there is none.
func path(clock *timebound.Clock, from map[logical.Dot][]precedence, begin, end logical.Dot) []precedence {
	by := map[logical.Dot]precedence{}
	queue := []logical.Dot{begin}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		clock.Spend(len(from[next]))
		for _, p := range from[next] {
			if _, been := by[p.to]; been || p.to == begin {
				continue
			}
			by[p.to] = p
			if queue = append(queue, p.to); p.to == end {
				return walked(by, begin, end)
			}
		}
	}
	return nil
}

func walked(by map[logical.Dot]precedence, begin, end logical.Dot) (way []precedence) {
	for at := end; at != begin; at = by[at].from {
		way = append([]precedence{by[at]}, way...)
	}
	return way
}
