package linear

import (
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"faultline/checker"
	"faultline/history"
)

// question is an object put to porcupine: to confirm an explanation, to draw a picture, and to agree
// with our own algorithms in tests.
type question struct {
	model      porcupine.Model
	operations []porcupine.Operation
}

// asQuestion states the question whether the items of an object have an order. A state is the set of the
// machine's states that the items so far can lead to, since some items leave it a choice.
func (o *object) asQuestion() question {
	m := o.model.machine(o)
	first := slices.Compact(slices.Sorted(slices.Values(o.first())))
	var q question
	for i := range o.items {
		it := &o.items[i]
		op := porcupine.Operation{Input: it, Call: int64(it.call), Return: int64(it.ret)}
		if o.refs != nil { // positions in the history, as the marks in a picture have them
			of := o.op(i)
			op.ClientId, op.Metadata, op.Call = int(of.Process), of, int64(of.Invoked)
			if !it.pending {
				op.Return = int64(of.Returned)
			}
		}
		q.operations = append(q.operations, op)
	}
	boundPending(q.operations)
	q.model = porcupine.Model{
		Init: func() any { return states(first) },
		Step: func(state, input, _ any) (bool, any) {
			it := input.(*item)
			var next states
			for _, s := range state.(states) {
				next = m.after(s, it, next)
			}
			if it.pending {
				next = append(next, state.(states)...)
			}
			slices.Sort(next)
			next = slices.Compact(next)
			return len(next) > 0, next
		},
		Equal: func(a, b any) bool { return slices.Equal(a.(states), b.(states)) },
		DescribeState: func(state any) string {
			var all []string
			for _, s := range state.(states) {
				all = append(all, m.describe(s))
			}
			return strings.Join(all, " or ")
		},
	}
	if o.refs != nil {
		byItem := make(map[*item]int, len(o.items))
		for i := range o.items {
			byItem[&o.items[i]] = i
		}
		q.model.DescribeOperation = func(input, _ any) string { return o.text(byItem[input.(*item)]) }
		q.model.DescribeOperationMetadata = func(meta any) string { return circumstances(meta.(*history.Operation)) }
	}
	return q
}

// states are states of a machine, sorted.
type states []int32

// boundPending gives pending operations a return behind every event. Porcupine sorts by it, and pictures
// are as wide as the last one.
func boundPending(ops []porcupine.Operation) {
	end := int64(0)
	for i := range ops {
		if end = max(end, ops[i].Call+1); ops[i].Return != never {
			end = max(end, ops[i].Return+1)
		}
	}
	for i := range ops {
		ops[i].Return = min(ops[i].Return, end)
	}
}

// limited makes porcupine give up before it would remember more than this many bytes: it remembers at most
// one configuration, a set of all items, for each step that the model accepts.
func (q *question) limited(memory int64) porcupine.Model {
	m := q.model
	accepts, left := m.Step, memory/int64(bytesPerConfiguration+len(q.operations)/8)
	m.Step = func(state, input, output any) (bool, any) {
		if left < 0 {
			return false, state
		}
		ok, next := accepts(state, input, output)
		if ok {
			left--
		}
		return ok, next
	}
	return m
}

// porcupineSays puts the question.
func (q *question) porcupineSays(timeout time.Duration) checker.Validity {
	switch porcupine.CheckOperationsTimeout(q.model, q.operations, max(timeout, time.Millisecond)) {
	case porcupine.Ok:
		return checker.Valid
	case porcupine.Illegal:
		return checker.Invalid
	default:
		return checker.Unknown
	}
}
