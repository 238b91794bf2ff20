package totals

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"faultline/checker/internal/perkey"
	"faultline/history"
)

// largest bounds what is added at once, so that sums over any history stay 64-bit integers.
const largest = math.MaxInt64 >> 32

// addition is something that was added to a sum. An open one may be in it from begun on; it is certainly in it from done on.
type addition struct {
	op     *history.Operation
	amount int64
	begun  int32
	done   int32 // never if it was not acknowledged
}

// never is the position of what did not happen.
const never = math.MaxInt32

// newAddition is what an operation adds that did not fail.
func newAddition(op *history.Operation, amount int64) addition {
	a := addition{op: op, amount: amount, begun: op.Invoked, done: never}
	if op.Outcome == history.OK {
		a.done = op.Returned
	}
	return a
}

// amount reads a number that is added.
func amount(v history.Value, what string) (int64, error) {
	n, ok := v.Int()
	if !ok || n > largest || n < -largest {
		return 0, fmt.Errorf("%s is %s, which is not an integer within ±%d", what, perkey.Short(v), int64(largest))
	}
	return n, nil
}

// bounds are the sums that may be read between two positions.
type bounds struct{ low, high int64 }

func (b bounds) String() string {
	if b.low == b.high {
		return fmt.Sprint(b.low)
	}
	return fmt.Sprintf("%d to %d", b.low, b.high)
}

// sums are prefix sums of additions over positions.
type sums struct {
	at    []int32
	total []int64 // of all up to at
}

// sumsOf adds up by position. Parts that have no position or no amount do not count.
func sumsOf(all []addition, position func(addition) int32, amount func(addition) int64) sums {
	type part struct {
		at int32
		n  int64
	}
	var parts []part
	for _, a := range all {
		if p, n := position(a), amount(a); p != never && n != 0 {
			parts = append(parts, part{p, n})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.at, b.at) })
	var s sums
	sum := int64(0)
	for _, p := range parts {
		sum += p.n
		s.at, s.total = append(s.at, p.at), append(s.total, sum)
	}
	return s
}

// before is the sum of what has a position before the given one.
func (s sums) before(position int32) int64 {
	i, _ := slices.BinarySearch(s.at, position)
	if i == 0 {
		return 0
	}
	return s.total[i-1]
}

// interval bounds sums: what may be in a sum grows with what began, what must be in it with what is done.
type interval struct{ mustGrow, mayGrow, mustFall, mayFall sums }

func intervalOf(all []addition) interval {
	begun := func(a addition) int32 { return a.begun }
	done := func(a addition) int32 { return a.done }
	positive := func(a addition) int64 { return max(a.amount, 0) }
	negative := func(a addition) int64 { return min(a.amount, 0) }
	return interval{
		mustGrow: sumsOf(all, done, positive), mayGrow: sumsOf(all, begun, positive),
		mustFall: sumsOf(all, done, negative), mayFall: sumsOf(all, begun, negative),
	}
}

// of are the bounds of what a read may tell: all that was done before it began, and any part of what began before it returned.
func (i interval) of(read *history.Operation) bounds {
	return bounds{
		low:  i.mustGrow.before(read.Invoked) + i.mayFall.before(read.Returned),
		high: i.mayGrow.before(read.Returned) + i.mustFall.before(read.Invoked),
	}
}
