package linear

import "slices"

// Stack is a stack: push v and pop are to it what enqueue v and dequeue are to a queue.
func Stack() Model {
	return Model{
		name: "stack", functions: []string{"push", "pop"}, read: readContainer("push", "pop"),
		machine: func(o *object) machine { return newStackMachine(o) }, hold: holdList,
		direct: decideStack, stage: stageNesting, drop: dropValues,
	}
}

// stackMachine is the sequential specification of a stack. Its state is the number of a list of two, the stack below and the
// element on top, or of the empty list: so each state takes the same memory, however high the stack.
type stackMachine struct {
	object *object
	stacks numbered
	first  int32
}

func newStackMachine(o *object) *stackMachine {
	m := &stackMachine{object: o, stacks: numbered{allowance: o.allowance}}
	m.first, _ = m.stacks.number(nil)
	for _, v := range o.begins {
		m.first, _ = m.stacks.number([]int32{m.first, v})
	}
	return m
}

func (m *stackMachine) initial() int32 { return m.first }

func (m *stackMachine) after(state int32, it *item, to []int32) []int32 {
	held := m.stacks.list(state)
	switch it.action {
	case inserts:
		next, _ := m.stacks.number([]int32{state, it.put})
		return append(to, next)
	case findsEmpty:
		if len(held) == 0 {
			return append(to, state)
		}
	case removesAny:
		if len(held) == 0 {
			return append(to, state)
		}
		return append(to, held[0])
	case removes:
		if len(held) > 0 && held[1] == it.want {
			return append(to, held[0])
		}
	}
	return to
}

func (m *stackMachine) pure(it *item) bool { return it.action == findsEmpty }

func (m *stackMachine) describe(state int32) string {
	var elements []int32
	for held := m.stacks.list(state); len(held) > 0; held = m.stacks.list(held[0]) {
		elements = append(elements, held[1])
	}
	slices.Reverse(elements)
	return m.object.values.describe(elements)
}
