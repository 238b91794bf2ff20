package exact

import (
	"cmp"
	"slices"

	"faultline/checker"
)

// explain makes what shows that the history is invalid small. Hint is where to look first.
func (p *problem) explain(hint []int32) ([]int32, *Case) {
	e := &explanation{p: p, steps: p.options.Steps}
	suspects := union(hint)
	if !e.invalid(suspects) {
		suspects = make([]int32, p.h.Len())
		for t := range suspects {
			suspects[t] = int32(t)
		}
	}
	core := e.minimize(suspects)
	if e.exhausted() {
		return core, nil // of what is not small a proof would take too long
	}
	return core, p.prove(core)
}

// explanation is the search for a small set of transactions that cannot be ordered.
type explanation struct {
	p     *problem
	steps int64 // left to be made
}

// exhausted tells whether there is nothing left to search with.
func (e *explanation) exhausted() bool { return e.steps <= 0 || e.p.left() <= 0 }

// invalid tells whether some transactions are known not to have an order.
func (e *explanation) invalid(transactions []int32) bool {
	if len(transactions) == 0 || e.exhausted() {
		return false
	}
	o := e.p.options
	o.Steps = e.steps
	sub := newProblem(subset(e.p.h, transactions), e.p.level, o)
	result := sub.decide()
	e.steps = sub.steps - int64(len(sub.h.Events))
	return result.Validity == checker.Invalid
}

// minimize takes transactions that cannot be ordered, and returns some of them that cannot either and of which each one is needed. It finds the
// needed ones from the last to the first: the last of the shortest prefix that cannot be ordered with those that were found. That takes a
// logarithm of tests for each one.
func (e *explanation) minimize(suspects []int32) []int32 {
	suspects = slices.Clone(suspects)
	slices.SortStableFunc(suspects, func(a, b int32) int {
		return cmp.Compare(e.p.moment(e.p.commit(a)), e.p.moment(e.p.commit(b)))
	})
	var needed []int32
	for len(suspects) > 0 && !e.exhausted() && !e.invalid(needed) {
		low, high := 0, len(suspects) // invalid with high of them, and not known to be so with low
		for low+1 < high {
			middle := (low + high) / 2
			if e.invalid(union(needed, suspects[:middle])) {
				high = middle
			} else {
				low = middle
			}
		}
		needed = union(needed, suspects[high-1:high])
		suspects = suspects[:high-1]
	}
	if !e.invalid(needed) {
		needed = union(needed, suspects)
	}
	return needed
}
