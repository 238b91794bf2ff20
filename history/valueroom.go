package history

import "slices"

// valueRoom makes lists, of one form each: two integers are a Pair, and integers alone need no Values. The zero value makes each in memory of its
// own. With reserve, many are made of one allocation; how much of it stays in use as long as one of the lists is bounded by the numbers below.
type valueRoom struct {
	reserve      bool
	shapes       []shape
	values       []Value
	numbers      []int64
	transactions []transactionShape
	steps        []Step
}

// transactionShape is the shape of a transaction that is kept in steps.
type transactionShape struct {
	shape
	its []Step
}

// How many shapes, elements, integers and steps are allocated at a time. A list of more than a quarter of that has memory of its own.
const (
	roomShapes  = 16
	roomValues  = 48
	roomNumbers = 128
	roomSteps   = 512
)

// list is the list of some values, which are copied.
func (r *valueRoom) list(vs []Value) Value {
	if slices.ContainsFunc(vs, func(v Value) bool { return v.shape != &intShape }) {
		s := r.shape()
		s.kind, s.list = List, carve(r, &r.values, vs, roomValues)
		return Value{shape: s}
	}
	ints := make([]int64, len(vs))
	for i, v := range vs {
		ints[i] = v.a
	}
	return r.ints(ints)
}

// ints is the list of some integers, which are copied.
func (r *valueRoom) ints(ints []int64) Value {
	if len(ints) == 2 {
		return PairValue(ints[0], ints[1])
	}
	s := r.shape()
	s.kind, s.ints = List, carve(r, &r.numbers, ints, roomNumbers)
	return Value{shape: s}
}

// transaction is the transaction of some steps, which are copied.
func (r *valueRoom) transaction(steps []Step) Value {
	t := take(r, &r.transactions)
	t.its = carve(r, &r.steps, steps, roomSteps)
	t.kind, t.steps = List, &t.its
	return Value{shape: &t.shape}
}

func (r *valueRoom) shape() *shape { return take(r, &r.shapes) }

// take takes one of those that are free.
func take[T any](r *valueRoom, free *[]T) *T {
	if !r.reserve {
		return new(T)
	}
	if len(*free) == 0 {
		*free = make([]T, roomShapes)
	}
	taken := &(*free)[0]
	*free = (*free)[1:]
	return taken
}

// carve copies to the begin of what is free, of which so many are allocated at a time.
func carve[T any](r *valueRoom, free *[]T, from []T, at int) []T {
	n := len(from)
	if !r.reserve || n > at/4 {
		return append(make([]T, 0, n), from...)
	}
	if n > len(*free) {
		*free = make([]T, at)
	}
	to := (*free)[:n:n]
	*free = (*free)[n:]
	copy(to, from)
	return to
}
