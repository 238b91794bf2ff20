package linear

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/timebound"
)

// PriorityQueue is a queue of integers from which the smallest comes out first. Its functions are
//
//	insert n      n comes into the queue
//	delete-min    the output is the smallest element, which is gone then; null if there is none
//
// and otherwise it is like FIFOQueue.
func PriorityQueue() Model {
	return Model{
		name: "priority-queue", functions: []string{"insert", "delete-min"}, read: readPriorityQueue,
		machine: func(o *object) machine { return newContainer(o, least) }, hold: holdPriorities,
		direct: decidePriorityQueue, stage: stagePriorities, drop: dropValues,
	}
}

func readPriorityQueue(o *object, op *history.Operation, it *item) (says bool, err error) {
	for _, v := range []history.Value{op.Input, op.Output} {
		if k := v.Kind(); k != history.Int && k != history.None && k != history.Nil {
			return false, fmt.Errorf("%s is no integer, and has no priority", short(v))
		}
	}
	return readContainer("insert", "delete-min")(o, op, it)
}

// holdPriorities is for the elements of a priority queue, in any order.
func holdPriorities(values *values, v history.Value) ([]int32, error) {
	held, err := holdUnordered(values, v)
	for _, n := range held {
		if v := values.value(n); v.Kind() != history.Int {
			return nil, fmt.Errorf("%s is no integer, and has no priority", short(v))
		}
	}
	slices.SortFunc(held, values.compareIntegers)
	return held, err
}

// stagePriorities is the stage that decides priority queues into which no value comes twice, in n log n; see stageNesting for
// the sources.
//
// Take the elements by their values, the smallest first. Let the order that is known so far, of the smaller ones, be one in which none of them is
// there at any moment at which none is certainly there; there is such an order if there is any, see 2 of stageNesting. The next
// element hinders none of them. It needs a moment at which it can come out and none of them is there: one in its delete-min, not before its
// insertion was called, at which none of them is certainly there. Take the first such moment, and let the insertion be as late as possible. Then
// the element is there for longer than certain only at moments at which a smaller one is certainly there, so that what was assumed
// holds for the next element too. Without such a moment there is no linearization, as there is none of these elements alone.
//
// What found the queue empty is like a last element that is larger than all others. Pending delete-mins are treated as pending pops are.
const stagePriorities = "priorities"

func decidePriorityQueue(o *object, c *clock) checker.Validity {
	all, answer := o.readContents(c)
	if answer != checker.Valid {
		return answer
	}
	smallest := func(a, b element) int { return o.values.compareIntegers(a.value, b.value) }
	timebound.SortFunc(c, all.elements, smallest)
	return all.decideWithTakers(c, smallest, func(all *contents) bool { return keepsPriorities(all, c) })
}

// keepsPriorities decides contents without pending removals. The elements are sorted by their values.
func keepsPriorities(all *contents, c *clock) bool {
	t := newTimeline(all, c)
	there := newCoverage(t.moments())
	for _, e := range all.elements {
		c.Spend(8)
		called, inserted := t.number(e.insert.call), t.number(e.insert.ret)
		out, gone := t.number(e.remove.call), t.number(e.remove.ret)
		if e.gone && there.bare(max(called, out), gone) == none {
			return false
		}
		there.add(inserted, out, 1)
	}
	for _, e := range all.empty {
		if c.Spend(1); there.bare(t.number(e.call), t.number(e.ret)) == none {
			return false
		}
	}
	return true
}

// compareIntegers compares values that are integers by their numbers.
func (v *values) compareIntegers(a, b int32) int { return cmp.Compare(v.ints[a], v.ints[b]) }
