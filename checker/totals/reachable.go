package totals

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// reachable are the sums that can be made of any of some amounts, on top of one that is certain: as ranges of integers that
// do not touch, in ascending order.
type reachable struct {
	ranges []bounds
	whole  bool // the ranges are all sums and no others; otherwise they had become too many, and are bounds of the sums
}

// bytesPerRange is what a range takes, and with it the one that it is shifted to and the one in the union of both.
const bytesPerRange = 3 * 16

// reach adds up amounts. It keeps to the bytes given: beyond them only the bounds are known.
func reach(certain int64, amounts []int64, bytes int64, spend func(int)) reachable {
	amounts = slices.SortedFunc(slices.Values(amounts), func(a, b int64) int { return cmp.Compare(max(a, -a), max(b, -b)) }) // small ones fill gaps
	r := reachable{ranges: []bounds{{certain, certain}}, whole: true}
	for _, n := range amounts {
		spend(2 * len(r.ranges))
		r.ranges = merge(r.ranges, shifted(r.ranges, n))
		if !r.whole || int64(2*len(r.ranges))*bytesPerRange > bytes {
			r = reachable{ranges: []bounds{{r.ranges[0].low, r.ranges[len(r.ranges)-1].high}}}
		}
	}
	return r
}

func shifted(all []bounds, n int64) []bounds {
	moved := make([]bounds, len(all))
	for i, b := range all {
		moved[i] = bounds{b.low + n, b.high + n}
	}
	return moved
}

// merge is the union of two sets of ranges.
func merge(a, b []bounds) []bounds {
	all := make([]bounds, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		if len(b) > 0 && (len(a) == 0 || b[0].low < a[0].low) {
			a, b = b, a
		}
		next := a[0]
		a = a[1:]
		if last := len(all) - 1; last >= 0 && next.low <= all[last].high+1 {
			all[last].high = max(all[last].high, next.high)
		} else {
			all = append(all, next)
		}
	}
	return all
}

// holds reports whether a number is a sum, and whether that is known.
func (r reachable) holds(n int64) (is, known bool) {
	i, _ := slices.BinarySearchFunc(r.ranges, n, func(b bounds, n int64) int { return cmp.Compare(b.high, n) })
	is = i < len(r.ranges) && r.ranges[i].low <= n
	return is, r.whole || !is
}

// String lists the ranges: "8 to 10 or 13 to 15".
func (r reachable) String() string {
	const most = 4
	var shown []string
	for _, b := range r.ranges[:min(len(r.ranges), most)] {
		shown = append(shown, b.String())
	}
	text := strings.Join(shown, " or ")
	if len(r.ranges) > most {
		text += fmt.Sprintf(" or … or %v", r.ranges[len(r.ranges)-1])
	}
	return text
}
