package queues

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/elements"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/history"
)

// queue is what was done to a queue.
type queue struct {
	*perkey.Object
	numbers  elements.Numbers
	elements []element            // by number
	empties  []*history.Operation // those that found the queue empty, in order of invocation
	emptied  []int32              // the first return of each of them and those that were invoked later
	took     []int32              // where dequeues of unknown outcome were invoked, in order
	drained  *history.Operation   // the first drain of unknown outcome
}

// element is what became of an element.
type element struct {
	in     []*history.Operation // enqueues of it that did not fail, in order of invocation
	failed *history.Operation   // an enqueue that did
	out    []*history.Operation // operations that took it out, in order of return
}

func readQueue(o *perkey.Object) (*queue, *checker.Finding) {
	q := &queue{Object: o}
	for i := range o.Clock.UpTo(len(o.Operations)) {
		if err := q.take(o.Operations[i]); err != nil {
			f := o.Unreadable(o.Operations[i], err.Error())
			return nil, &f
		}
	}
	for e := range q.elements {
		slices.SortStableFunc(q.elements[e].out, func(a, b *history.Operation) int { return cmp.Compare(a.Returned, b.Returned) })
	}
	q.emptied = make([]int32, len(q.empties))
	first := int32(never)
	for i, e := range slices.Backward(q.empties) {
		first = min(first, e.Returned)
		q.emptied[i] = first
	}
	return q, nil
}

func (q *queue) take(op *history.Operation) error {
	switch {
	case op.F == ops.Enqueue:
		return q.enqueued(op)
	case op.Outcome == history.Fail:
		return nil
	case op.Outcome == history.Info && op.F == ops.Drain:
		if q.drained == nil {
			q.drained = op
		}
		return nil
	case op.Outcome == history.Info:
		q.took = append(q.took, op.Invoked)
		return nil
	case op.F == ops.Drain:
		return q.drain(op)
	}
	switch op.Output.Kind() {
	case history.None:
		return errors.New("it is ok and returns no element, nor null if there is none")
	case history.Nil:
		q.empties = append(q.empties, op)
	default:
		e := q.of(op.Output)
		e.out = append(e.out, op)
	}
	return nil
}

func (q *queue) enqueued(op *history.Operation) error {
	if k := op.Input.Kind(); k == history.None || k == history.Nil {
		return errors.New("it has no element to enqueue")
	}
	e := q.of(op.Input)
	if op.Outcome == history.Fail {
		e.failed = op
		return nil
	}
	e.in = append(e.in, op)
	return nil
}

func (q *queue) drain(op *history.Operation) error {
	switch op.Output.Kind() {
	case history.List, history.Pair, history.Set:
	default:
		return fmt.Errorf("it is ok and returns %s, which is no list of elements", perkey.Short(op.Output))
	}
	for v := range op.Output.Elements {
		q.Clock.Spend(1)
		e := q.of(v)
		e.out = append(e.out, op)
	}
	q.empties = append(q.empties, op)
	return nil
}

// of is the element of a value.
func (q *queue) of(v history.Value) *element {
	n := int(q.numbers.Of(v))
	if n == len(q.elements) {
		q.elements = append(q.elements, element{})
	}
	return &q.elements[n]
}

// values are those of some elements.
func (q *queue) values(some []int) []history.Value {
	all := make([]history.Value, len(some))
	for i, n := range some {
		all[i] = q.numbers.Value(int32(n))
	}
	return all
}
