package exact

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"faultline/checker"
	"faultline/checker/txn/internal/wr"
)

// untimed is a history session by session and without times, as other tools record it.
func untimed(h *wr.History) *wr.History {
	order := make([]int32, h.Len())
	for t := range order {
		order[t] = int32(t)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(h.Session[a], h.Session[b]) })
	number := make([]int32, h.Len())
	for i, t := range order {
		number[t] = int32(i)
	}
	u := &wr.History{First: []int32{0}, Keys: h.Keys}
	for _, t := range order {
		u.Session = append(u.Session, h.Session[t])
		for _, e := range h.Of(t) {
			if e.From >= 0 {
				e.From = number[e.From]
			}
			u.Events = append(u.Events, e)
		}
		u.First = append(u.First, int32(len(u.Events)))
	}
	return u
}

func BenchmarkCheck(b *testing.B) {
	for _, level := range []Level{SnapshotIsolation, Serializable} {
		for _, n := range []int{1000, 5000, 20_000} {
			for _, mistakes := range []int{0, n / 2} {
				h := stored(rand.New(rand.NewPCG(1, 2)), level, n, 20, 1000, 8, mistakes)
				for _, timed := range []bool{true, false} {
					x := h
					if !timed {
						x = untimed(h)
					}
					b.Run(fmt.Sprintf("%v/transactions=%d/mistakes=%t/timed=%t", level, n, mistakes > 0, timed), func(b *testing.B) {
						b.ReportAllocs()
						for b.Loop() {
							r := Check(x, level, Options{Sessions: true})
							if r.Validity == checker.Unknown {
								b.Fatal(r.Bound)
							}
							b.ReportMetric(float64(r.By), "stage")
							b.ReportMetric(float64(len(r.Core)), "core")
						}
					})
				}
			}
		}
	}
}
