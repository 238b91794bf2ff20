package queues

import (
	"cmp"
	"math"
	"slices"

	"faultline/history"
)

// Positions that stand for a deadline that is not known. What has the larger one demands less.
const (
	never   = math.MaxInt32 - 1 // it was acknowledged, and may be in the queue still
	unasked = math.MaxInt32     // the outcome of its enqueue is unknown
)

// deadline is the position by which an element has left the queue: the first return of an operation that found the queue empty and
// had begun after the enqueue had returned.
func (q *queue) deadline(enqueue *history.Operation) int32 {
	if enqueue.Outcome != history.OK {
		return unasked
	}
	i, _ := slices.BinarySearchFunc(q.empties, enqueue.Returned, func(e *history.Operation, at int32) int { return cmp.Compare(e.Invoked, at) })
	if i == len(q.empties) {
		return never
	}
	return q.emptied[i]
}

// absent is an element that never came out, and the position by which it had left the queue.
type absent struct {
	element int
	by      int32
}

// excess is how many of the elements that are missing no dequeue of unknown outcome can have taken: those in the first places, in order of
// their deadlines. A dequeue can take what had not left before it began; so by each deadline there must be as many dequeues as elements
// (Hall 1935). A drain can have taken any number of the elements whose deadlines are after its beginning, so that nothing is known of these:
// they are open.
func (q *queue) excess(missing []absent) (lost int, open bool) {
	slices.SortStableFunc(missing, func(a, b absent) int { return cmp.Compare(a.by, b.by) })
	for i, m := range missing {
		if i < q.takers(m.by) {
			continue
		}
		if q.drained != nil && q.drained.Invoked < m.by {
			return lost, true
		}
		lost = i + 1
	}
	return lost, false
}

// takers counts the dequeues of unknown outcome that began before a position.
func (q *queue) takers(before int32) int {
	n, _ := slices.BinarySearch(q.took, before)
	return n
}
