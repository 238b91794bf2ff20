package lists_test

import (
	"fmt"
	"testing"

	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/lists"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
	"faultline/history"
)

// BenchmarkCheck checks histories of a database that keeps its promises. Time per transaction does not grow with the history.
func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("txns=%d", n), func(b *testing.B) {
			ops := newSimulated(elle, 1).all(n)
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				if cycles := check(ops); len(cycles) > 0 {
					b.Fatal(cycles)
				}
			}
			b.ReportMetric(float64(b.N*len(ops))/b.Elapsed().Seconds(), "txns/s")
		})
	}
}

func check(ops []history.Operation) []graph.Cycle {
	h := record.New(record.ListAppend, ops, nil)
	cycles, _ := graph.Find(input(h), graph.Classes(models.Realtime), graph.DefaultWork)
	return cycles
}

func input(h *record.History) *graph.Input {
	return &graph.Input{Relation: lists.New(h), Committed: h.Committed, Process: h.Process, Invoked: h.Invoked, Returned: h.Returned}
}
