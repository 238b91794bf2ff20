package weak

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"faultline/checker/txn/internal/wr"
)

// lagging draws a large history, as of a store whose replicas show everything in one order, up to lag transactions late: half reads, half
// writes, keys uniform.
func lagging(seed uint64, transactions, sessions, keys, events, lag int) *wr.History {
	r := rand.New(rand.NewPCG(seed, 4))
	h := &wr.History{First: []int32{0}, Keys: keys, Events: make([]wr.Event, 0, transactions*events)}
	writers := make([][]int32, keys)
	latest := make([]int32, sessions) // transaction of each session
	wrote := make([]int32, keys)      // 1 more than the last transaction that wrote the key
	for t := range int32(transactions) {
		s := r.IntN(sessions)
		shown := max(latest[s], t-int32(r.IntN(lag+1)))
		for range events {
			key := int32(r.IntN(keys))
			switch {
			case wrote[key] == t+1:
			case r.IntN(2) == 0:
				h.Events = append(h.Events, wr.Event{Key: key, From: wr.Write})
				wrote[key] = t + 1
			default:
				h.Events = append(h.Events, wr.Event{Key: key, From: lastBefore(writers[key], shown)})
			}
		}
		h.Session, h.First = append(h.Session, int32(s)), append(h.First, int32(len(h.Events)))
		for _, e := range h.Of(t) {
			if e.IsWrite() {
				writers[e.Key] = append(writers[e.Key], t)
			}
		}
		latest[s] = t + 1
	}
	return h
}

// lastBefore is the last of them that is before end.
func lastBefore(writers []int32, end int32) int32 {
	for i := len(writers) - 1; i >= 0; i-- {
		if writers[i] < end {
			return writers[i]
		}
	}
	return wr.Initial
}

func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		h := lagging(1, n, 100, 10_000, 20, 300)
		for _, level := range levels {
			b.Run(fmt.Sprintf("%v/transactions=%d", level, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if r := Check(h, level, nil); !r.Valid() {
						b.Fatal(r.Violations[0])
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "txn/s")
			})
		}
	}
}
