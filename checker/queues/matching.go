package queues

import (
	"slices"

	"faultline/history"
)

// The kinds of enqueues that did not fail, by how much they demand that the element comes out.
const (
	due     = iota // acknowledged before the queue was found empty
	kept           // acknowledged, and the element may be in the queue still
	unknown        // of unknown outcome
	kinds
)

// matching gives each dequeue of an element an enqueue that explains it.
type matching struct {
	explain     [kinds]int // how many enqueues of a kind explain a dequeue
	left        [kinds]int // and how many do not
	unexplained int        // the place in element.out of the first dequeue without an explanation; -1 if each has one
}

// match finds the matching that leaves the fewest due enqueues, and of these the fewest that are acknowledged.
//
// An enqueue explains a dequeue that returned after it was invoked. So whatever explains a dequeue explains each that returned later, and
// it is best to go through the dequeues in the order of their returns and to take of the enqueues that are left one that
// demands most: should the best matching take another one there and this one later, or never, they can be exchanged.
func (q *queue) match(e *element) matching {
	m := matching{unexplained: -1}
	next := 0
	for place, out := range e.out {
		for ; next < len(e.in) && e.in[next].Invoked < out.Returned; next++ {
			m.left[q.kind(e.in[next])]++
		}
		kind := slices.IndexFunc(m.left[:], func(n int) bool { return n > 0 })
		switch {
		case kind >= 0:
			m.left[kind]--
			m.explain[kind]++
		case m.unexplained < 0:
			m.unexplained = place
		}
	}
	for ; next < len(e.in); next++ {
		m.left[q.kind(e.in[next])]++
	}
	return m
}

func (q *queue) kind(enqueue *history.Operation) int {
	switch {
	case enqueue.Outcome != history.OK:
		return unknown
	case q.empty != nil && enqueue.Returned < q.empty.Invoked:
		return due
	default:
		return kept
	}
}
