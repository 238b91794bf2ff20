package totals

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What is said of a number is so, and with enough memory something is said of each.
func TestReachable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(-20, 20), 0, 8).Draw(t, "amounts")
		bytes := rapid.SampledFrom([]int64{100, 300, 1 << 20}).Draw(t, "bytes")
		sums := map[int64]bool{7: true}
		for _, n := range amounts {
			for _, sum := range slices.Collect(maps.Keys(sums)) {
				sums[sum+n] = true
			}
		}
		r := reach(7, amounts, bytes, func(int) {})
		for n := int64(-200); n <= 200; n++ {
			switch is, known := r.holds(n); {
			case known && is != sums[n]:
				t.Fatalf("%d is a sum: %v, got %v from %v", n, sums[n], is, r.ranges)
			case !known && bytes == 1<<20:
				t.Fatalf("nothing is known of %d: %v", n, r.ranges)
			}
		}
	})
}
