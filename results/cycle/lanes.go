package cycle

import (
	"slices"
	"strconv"
)

// fewLanes are so few that every order of them is tried.
const fewLanes = 7

// orderLanes chooses which process is above which. Arrows should pass few lanes; of orders that are as good as each other it takes the
// one in which processes come in the order of their first operations. It gives each node the number of its lane.
func (l *layout) orderLanes() {
	number := map[int]int{} // of a process, by first operation
	for _, n := range l.nodes {
		if _, ok := number[n.lane]; !ok {
			number[n.lane] = len(l.lanes)
			l.lanes = append(l.lanes, n.lane)
		}
		n.lane = number[n.lane]
	}
	place := l.bestOrder()
	ordered := make([]int, len(l.lanes))
	for lane, process := range l.lanes {
		ordered[place[lane]] = process
	}
	l.lanes = ordered
	for _, n := range l.nodes {
		n.lane = place[n.lane]
	}
	l.gutter = 0
	for _, process := range l.lanes {
		l.gutter = max(l.gutter, textWidth(laneLabel(process))+2*margin)
	}
}

func laneLabel(process int) string {
	if process == initially {
		return ""
	}
	return "process " + strconv.Itoa(process)
}

// bestOrder is the place of each lane.
func (l *layout) bestOrder() []int {
	place := make([]int, len(l.lanes))
	for i := range place {
		place[i] = i
	}
	if len(place) > fewLanes {
		return place
	}
	best, least := slices.Clone(place), l.lanesPassed(place)
	for nextPermutation(place) {
		if cost := l.lanesPassed(place); cost < least {
			best, least = slices.Clone(place), cost
		}
	}
	return best
}

// lanesPassed is how many lanes all arrows go down or up together.
func (l *layout) lanesPassed(place []int) int {
	sum := 0
	for _, r := range l.routes {
		d := place[r.from.lane] - place[r.to.lane]
		sum += max(d, -d)
	}
	return sum
}

// nextPermutation makes p the next one in lexicographic order; false after the last.
func nextPermutation(p []int) bool {
	i := len(p) - 2
	for i >= 0 && p[i] >= p[i+1] {
		i--
	}
	if i < 0 {
		return false
	}
	j := len(p) - 1
	for p[j] <= p[i] {
		j--
	}
	p[i], p[j] = p[j], p[i]
	slices.Reverse(p[i+1:])
	return true
}
