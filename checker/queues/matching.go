package queues

import (
	"container/heap"
)

// matching gives each dequeue of an element an enqueue that explains it.
type matching struct {
	acknowledged int     // how many acknowledged enqueues explain a dequeue
	recovered    int     // and how many of unknown outcome
	left         demands // the deadlines of those that do not
	unexplained  int     // the place in element.out of the first dequeue without an explanation; -1 if each has one
}

// match finds the matching that leaves, for every position, the fewest enqueues that must have left the queue by then.
//
// An enqueue explains a dequeue that returned after it was invoked. So whatever explains a dequeue explains each that returned later, and
// it is best to go through the dequeues in the order of their returns and to take of the enqueues that are left the one with the
// earliest deadline: should the best matching take another one there and this one later, or never, they can be exchanged.
func (q *queue) match(e *element) matching {
	m := matching{unexplained: -1}
	next := 0
	for place, out := range e.out {
		for ; next < len(e.in) && e.in[next].Invoked < out.Returned; next++ {
			heap.Push(&m.left, q.deadline(e.in[next]))
		}
		switch {
		case len(m.left) > 0:
			if heap.Pop(&m.left).(int32) == unasked {
				m.recovered++
			} else {
				m.acknowledged++
			}
		case m.unexplained < 0:
			m.unexplained = place
		}
	}
	for _, enqueue := range e.in[next:] {
		heap.Push(&m.left, q.deadline(enqueue))
	}
	return m
}

// demands is a heap of deadlines, the earliest one first.
type demands []int32

func (d demands) Len() int           { return len(d) }
func (d demands) Less(i, j int) bool { return d[i] < d[j] }
func (d demands) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }
func (d *demands) Push(x any)        { *d = append(*d, x.(int32)) }
func (d *demands) Pop() any {
	last := len(*d) - 1
	x := (*d)[last]
	*d = (*d)[:last]
	return x
}
