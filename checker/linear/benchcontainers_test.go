package linear

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"

	"faultline/history"
)

// kept is a container of distinct integers as a benchmark drives it, and as a user of porcupine would write it.
type kept struct {
	model          Model
	insert, remove string
	// next is the place of the element that comes out next, of some that are there, oldest first.
	next func(held []int64) int
}

func keptInOrder() []kept {
	return []kept{
		{FIFOQueue(), "enqueue", "dequeue", func([]int64) int { return 0 }},
		{Stack(), "push", "pop", func(held []int64) int { return len(held) - 1 }},
		{PriorityQueue(), "insert", "delete-min", func(held []int64) int { return slices.Index(held, slices.Min(held)) }},
	}
}

// at most this many elements are there at a time.
const mostHeld = 100

// history makes operations of some clients that are always busy. Each takes effect at some moment while it lasts. In a while, what is there grows to
// mostHeld elements, and falls until something finds the container empty.
func (k *kept) history(n, clients int) []history.Operation {
	rng := rand.New(rand.NewPCG(1, 12))
	type call struct {
		op      *history.Operation
		applied bool
	}
	ops, open := make([]history.Operation, 0, n), make([]call, clients)
	position, value, filling, done := int32(0), int64(0), true, 0
	var held []int64
	for done < n {
		c := &open[rng.IntN(len(open))]
		switch {
		case c.op == nil && len(ops) < n:
			op := history.Operation{Process: int32(len(ops) % len(open)), F: k.remove, Outcome: history.OK, Invoked: position}
			if rng.IntN(10) < 7 == filling {
				value++
				op.F, op.Input = k.insert, history.IntValue(rng.Int64N(1000)<<32+value)
			}
			position++
			ops = append(ops, op)
			c.op, c.applied = &ops[len(ops)-1], false
		case c.op != nil && c.applied:
			c.op.Returned = position
			position, done, c.op = position+1, done+1, nil
		case c.op != nil:
			held = k.apply(held, c.op)
			c.applied = true
			filling = filling && len(held) < mostHeld || len(held) == 0
		}
	}
	return ops
}

// apply lets an operation take effect.
func (k *kept) apply(held []int64, op *history.Operation) []int64 {
	if v, ok := op.Input.Int(); ok {
		return append(held, v)
	}
	if len(held) == 0 {
		op.Output = history.NilValue()
		return held
	}
	i := k.next(held)
	op.Output = history.IntValue(held[i])
	return slices.Delete(held, i, i+1)
}

// question is what a user of porcupine would ask: the state is a slice, which a step copies.
func (k *kept) question(ops []history.Operation) question {
	type input struct {
		inserts bool
		value   int64
	}
	var q question
	for i := range ops {
		op := &ops[i]
		v, inserts := op.Input.Int()
		out, found := op.Output.Int()
		if !found {
			out = -1
		}
		q.operations = append(q.operations, porcupine.Operation{ClientId: int(op.Process), Input: input{inserts, v}, Output: out, Call: int64(op.Invoked), Return: int64(op.Returned)})
	}
	q.model = porcupine.Model{
		Init:  func() any { return []int64(nil) },
		Equal: func(a, b any) bool { return slices.Equal(a.([]int64), b.([]int64)) },
		Step: func(state, in, out any) (bool, any) {
			held, op := state.([]int64), in.(input)
			if op.inserts {
				return true, append(slices.Clone(held), op.value)
			}
			if len(held) == 0 {
				return out.(int64) == -1, held
			}
			i := k.next(held)
			return held[i] == out.(int64), slices.Concat(held[:i], held[i+1:])
		},
	}
	return q
}

// BenchmarkGrowth decides longer and longer histories of the containers that keep an order.
func BenchmarkGrowth(b *testing.B) {
	for _, k := range keptInOrder() {
		for n := 1_000; n <= 1_000_000; n *= 10 {
			b.Run(fmt.Sprintf("%s/operations=%d", k.model.Name(), n), func(b *testing.B) { benchmark(b, k.model, k.history(n, 10)) })
		}
	}
}

// BenchmarkContainersAgainstPorcupine is the ratio to porcupine on the same histories, as in BenchmarkAgainstPorcupine.
func BenchmarkContainersAgainstPorcupine(b *testing.B) {
	for _, k := range keptInOrder() {
		for _, clients := range []int{2, 10} {
			b.Run(fmt.Sprintf("%s/clients=%d/operations=1000", k.model.Name(), clients), func(b *testing.B) {
				ops := k.history(1_000, clients)
				theirs, finished := porcupineTakes(b, k.question(ops))
				times(b, k.model, ops, theirs, finished)
			})
		}
	}
}
