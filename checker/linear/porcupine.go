package linear

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/anishathalye/porcupine"

	"faultline/checker"
	"faultline/history"
)

// question is an object put to porcupine: to confirm an explanation, to draw a picture, and to agree
// with our own algorithms in tests.
type question struct {
	model      porcupine.Model
	operations []porcupine.Operation
	clock      *clock
	exhausted  *atomic.Bool // a bound was met, and then no step was taken any more
}

// asQuestion states the question whether the items of an object have an order. A state is the set of the
// machine's states that the items so far can lead to, since some items leave it a choice. Steps are taken within
// bounds, or without any if there is no clock.
func (o *object) asQuestion(c *clock, memory int64) question {
	var a *allowance
	if c != nil { // with a clock of its own, as porcupine has a goroutine of its own
		a = &allowance{clock: c.Another(c.Left()), left: memory}
	}
	first := slices.Compact(slices.Sorted(slices.Values(o.first())))
	before := o.allowance
	o.allowance = a
	m := o.model.machine(o)
	o.allowance = before
	q := question{clock: c, exhausted: new(atomic.Bool)}
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
		Step: func(state, input, _ any) (ok bool, next any) {
			if q.exhausted.Load() {
				return false, state
			}
			if met := a.within(func() {
				all := afterAll(m, state.(states), input.(*item))
				if ok, next = len(all) > 0, all; ok {
					a.take(bytesPerStep + len(o.items)/8 + 4*len(all))
				}
			}); met != "" {
				q.exhausted.Store(true)
				return false, state
			}
			return ok, next
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

// bytesPerStep is what porcupine takes at most for a step that the model accepts, apart from a set of all items: it remembers the
// configuration.
const bytesPerStep = 128

// states are states of a machine, sorted.
type states []int32

// afterAll are the states that some states may lead to by an item.
func afterAll(m machine, from states, it *item) states {
	var next states
	for _, s := range from {
		next = m.after(s, it, next)
	}
	if it.pending {
		next = append(next, from...)
	}
	slices.Sort(next)
	return slices.Compact(next)
}

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

// porcupineSays puts the question.
func (q *question) porcupineSays() checker.Validity {
	answer, _ := q.porcupineShows(q.operations)
	return answer
}

// porcupineShows puts the question, and returns the orders that porcupine tried as well. It has porcupine return them in any case, as
// it waits for its goroutine only then, which works on what the next question may use.
func (q *question) porcupineShows(ops []porcupine.Operation) (checker.Validity, porcupine.LinearizationInfo) {
	result, info := porcupine.CheckOperationsVerbose(q.model, ops, max(q.clock.Left(), 1))
	return q.answer(result), info
}

// answer is porcupine's in our words. That it found no order means nothing if some steps were not taken.
func (q *question) answer(result porcupine.CheckResult) checker.Validity {
	switch {
	case result == porcupine.Ok:
		return checker.Valid
	case result == porcupine.Illegal && !q.exhausted.Load():
		return checker.Invalid
	default:
		return checker.Unknown
	}
}
