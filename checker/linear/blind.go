package linear

import (
	"cmp"
	"math"
	"slices"

	"faultline/checker"
	"faultline/internal/timebound"
)

// order is the linearization that the zones prove to exist. If A must precede B, f(A) < s(B), and B
// must not precede A, then min(f, s) of A is less than that of B: f(A) or s(A) is less than s(B) and at
// most f(B), because s(A) <= f(B). So the blocks are sorted by it.
func (z *zones) order() []int32 {
	timebound.SortFunc(z.clock, z.blocks, func(a, b zone) int { return cmp.Compare(min(a.f, a.s), min(b.f, b.s)) })
	readers := make([][]int32, len(z.levels))
	for i := range z.clock.UpTo(len(z.items)) {
		if it := &z.items[i]; it.action == reads {
			readers[it.want] = append(readers[it.want], int32(i))
		}
	}
	order := make([]int32, 0, len(z.items))
	for _, b := range z.blocks {
		for v := b.root; v != none; v = z.levels[v].next {
			if w := z.levels[v].producer; w >= 0 {
				order = append(order, w)
			}
			timebound.SortFunc(z.clock, readers[v], func(a, b int32) int { return cmp.Compare(z.items[a].call, z.items[b].call) })
			order = append(order, readers[v]...)
		}
	}
	return order
}

// insertBlind looks for places for the failed cas that do not tell what they found, in an order of
// everything else. If each has one there is a linearization. If not, another order may have room for
// them, or one in which a pending operation took effect that nothing else shows: the answer is
// Unknown.
func (z *zones) insertBlind(m *registerMachine) checker.Validity {
	order := z.order()
	held := make([]int32, len(order)+1) // gap → the value before the order's item of that number
	if held[0] = z.initial; z.initial == none {
		if len(z.initials) > 1 {
			return checker.Unknown
		}
		held[0] = z.initials[0]
	}
	var next []int32
	for g := range z.clock.UpTo(len(order)) {
		i := order[g]
		if next = m.after(held[g], &z.items[i], next[:0]); len(next) == 0 {
			return checker.Unknown
		}
		held[g+1] = next[0]
	}
	change := make([]int, len(held)) // gap → the next one with another value
	change[len(order)] = math.MaxInt
	z.clock.Spend(len(order))
	for g := len(order) - 1; g >= 0; g-- {
		change[g] = change[g+1]
		if held[g+1] != held[g] {
			change[g] = g + 1
		}
	}
	var blind []int32
	for i := range z.clock.UpTo(len(z.items)) {
		if z.items[i].action == findsOther {
			blind = append(blind, int32(i))
		}
	}
	return z.place(blind, order, held, change)
}

// place gives each blind cas, by invocation, the first gap that has room for it: behind all that
// returned before it was invoked, other blind ones included, and before all that was invoked after it
// returned.
func (z *zones) place(blind, order, held []int32, change []int) checker.Validity {
	timebound.SortFunc(z.clock, blind, func(a, b int32) int { return cmp.Compare(z.items[a].call, z.items[b].call) })
	type bound struct {
		at  int32
		gap int
	}
	var returns, calls []bound
	for g := range z.clock.UpTo(len(order)) {
		i := order[g]
		returns = append(returns, bound{z.items[i].ret, g + 1})
		calls = append(calls, bound{z.items[i].call, g})
	}
	byPosition := func(a, b bound) int { return cmp.Compare(a.at, b.at) }
	timebound.SortFunc(z.clock, calls, byPosition)
	for i := len(calls) - 2; i >= 0; i-- { // the least gap of all that were invoked then or later
		calls[i].gap = min(calls[i].gap, calls[i+1].gap)
	}
	placed := make([]int, len(blind))
	for n, i := range blind {
		returns = append(returns, bound{z.items[i].ret, -1 - n})
	}
	timebound.SortFunc(z.clock, returns, byPosition)
	lowest, passed := 0, 0
	for n := range z.clock.UpTo(len(blind)) {
		i := blind[n]
		it := &z.items[i]
		for ; passed < len(returns) && returns[passed].at < it.call; passed++ {
			gap := returns[passed].gap
			if gap < 0 {
				gap = placed[-1-gap]
			}
			lowest = max(lowest, gap)
		}
		gap := lowest
		if held[gap] == it.want {
			gap = change[gap]
		}
		after, _ := slices.BinarySearchFunc(calls, it.ret, func(b bound, at int32) int { return cmp.Compare(b.at, at+1) })
		if gap > len(order) || after < len(calls) && gap > calls[after].gap {
			return checker.Unknown
		}
		placed[n] = gap
	}
	return checker.Valid
}
