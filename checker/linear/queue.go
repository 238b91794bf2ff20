package linear

import (
	"errors"
	"fmt"
	"slices"

	"faultline/history"
)

// FIFOQueue is a queue. Its functions are
//
//	enqueue v   v comes to the end
//	dequeue     the output is the first element, which is gone then; null if there is none
//
// A failed operation did nothing and says nothing. A dequeue that ended in info takes the first element
// out at some time after its invocation, if there is one then, or never.
func FIFOQueue() Model {
	return Model{
		name: "fifo-queue", functions: []string{"enqueue", "dequeue"}, read: readContainer("enqueue", "dequeue"),
		machine: func(o *object) machine { return newContainer(o, fifo) }, hold: holdList,
		direct: decideFIFO, stage: stageQueueOrder, drop: dropValues,
	}
}

// UnorderedQueue is a queue that gives out what is in it in any order, and is like FIFOQueue otherwise. It has one more function:
//
//	drain   the output is the list of elements that as many dequeues took out, each at some time while it lasted
//
// Of a drain that ended in info nobody knows what it took, and the queue is unknown then.
func UnorderedQueue() Model {
	return Model{
		name: "unordered-queue", functions: []string{"enqueue", "dequeue", "drain"}, read: readUnordered,
		machine: func(o *object) machine { return newContainer(o, bag) }, hold: holdUnordered,
		direct: decideBag, stage: stageBag, drop: dropValues,
	}
}

// errNullElement: whether a null that comes out was an element, or says that there is none, an operation does not tell.
var errNullElement = errors.New("null as an element cannot be told from there being none")

// readContainer reads the operations of what holds elements until they are taken out.
func readContainer(insert, remove string) func(*object, *history.Operation, *item) (bool, error) {
	return func(o *object, op *history.Operation, it *item) (says bool, err error) {
		switch {
		case op.F == insert && op.Input.Kind() == history.None:
			return false, fmt.Errorf("it has no element to %s", insert)
		case op.F == insert && op.Input.Kind() == history.Nil && op.Outcome != history.Fail:
			return false, errNullElement
		case op.F == insert:
			it.action, it.put = inserts, o.values.number(op.Input)
			return op.Outcome != history.Fail, nil
		case op.F != remove:
			return false, fmt.Errorf("a %s has %s only", o.model.name, listed(o.model.functions, "and"))
		case op.Outcome == history.Fail:
			return false, nil
		case op.Outcome == history.Info:
			it.action = removesAny
			return true, nil
		case op.Output.Kind() == history.None || op.Output.Kind() == history.Nil:
			it.action = findsEmpty
			return true, nil
		default:
			it.action, it.want = removes, o.values.number(op.Output)
			return true, nil
		}
	}
}

// readUnordered reads drains as well.
func readUnordered(o *object, op *history.Operation, it *item) (says bool, err error) {
	if op.F != "drain" {
		return readContainer("enqueue", "dequeue")(o, op, it)
	}
	switch op.Outcome {
	case history.Fail:
		return false, nil
	case history.Info:
		return false, fmt.Errorf("its outcome is unknown, so it may have taken anything out")
	}
	elements, ok := op.Output.List()
	if set, is := op.Output.Set(); is {
		elements, ok = set, true
	}
	if !ok {
		return false, fmt.Errorf("it is ok and returns %s in place of the list of what it took out", edn(op.Output))
	}
	if len(elements) == 0 {
		return false, nil
	}
	it.action, it.want = removes, o.values.number(elements[0])
	for _, v := range elements[1:] {
		o.further = append(o.further, o.values.number(v))
	}
	return true, nil
}

// discipline says which element comes out.
type discipline uint8

const (
	fifo  discipline = iota // the oldest
	bag                     // any
	least                   // the smallest
)

// container is the sequential specification of the queues. Its state is the number of a list of elements: oldest
// first; sorted for a bag; smallest first for a priority queue.
type container struct {
	object     *object
	discipline discipline
	lists      numbered
	next       []int32
}

func newContainer(o *object, d discipline) *container {
	m := &container{object: o, discipline: d, lists: numbered{allowance: o.allowance}}
	m.lists.number(o.begins)
	return m
}

func (m *container) initial() int32 { return 0 }

func (m *container) after(state int32, it *item, to []int32) []int32 {
	held := m.lists.list(state)
	switch it.action {
	case inserts:
		at := len(held)
		switch m.discipline {
		case bag:
			at, _ = slices.BinarySearch(held, it.put)
		case least:
			at, _ = slices.BinarySearchFunc(held, it.put, m.object.values.compareIntegers)
		}
		m.next = slices.Insert(append(m.next[:0], held...), at, it.put)
		next, _ := m.lists.number(m.next)
		return append(to, next)
	case findsEmpty:
		if len(held) == 0 {
			return append(to, state)
		}
	case removes, removesAny:
		if len(held) == 0 && it.action == removesAny {
			return append(to, state)
		}
		begin, end := m.removable(len(held))
		for i := begin; i < end; i++ {
			if it.action != removesAny && held[i] != it.want || i > begin && held[i] == held[i-1] {
				continue
			}
			m.next = append(append(m.next[:0], held[:i]...), held[i+1:]...)
			next, _ := m.lists.number(m.next)
			to = append(to, next)
		}
	}
	return to
}

// removable is the range of the elements that can come out.
func (m *container) removable(n int) (begin, end int) {
	if m.discipline == bag {
		return 0, n
	}
	return 0, min(n, 1)
}

func (m *container) pure(it *item) bool { return it.action == findsEmpty }

func (m *container) describe(state int32) string {
	return m.object.values.describe(m.lists.list(state))
}
