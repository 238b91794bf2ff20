//go:build long

package lists_test

import (
	"runtime"
	"testing"
	"time"

	"faultline/checker/txn/internal/direct"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
	"faultline/history"
)

// BenchmarkCheckTenMillion checks ten million transactions and a few more, a part at a time: nothing but the record is in memory. The time that the
// simulated database takes does not count.
func BenchmarkCheckTenMillion(b *testing.B) {
	const txns, part = 10_000_000, 100_000
	for range b.N {
		var spent time.Duration
		db := newSimulated(elle, 1)
		builder := record.NewBuilder(record.ListAppend, nil)
		for range txns / part {
			ops := db.operations(part)
			began := time.Now()
			builder.Add(ops)
			spent += time.Since(began)
		}
		ops := db.rest()
		began := time.Now()
		builder.Add(ops)
		h := builder.Finish()
		found := direct.Lists(h)
		cycles, _ := graph.Find(input(h), graph.Classes(models.Realtime), graph.DefaultWork)
		spent += time.Since(began)
		if len(cycles)+len(found) > 0 {
			b.Fatal(cycles, found)
		}
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		b.ReportMetric(float64(txns)/spent.Seconds(), "txns/s")
		b.ReportMetric(float64(memory.HeapSys)/txns, "B/txn")
		runtime.KeepAlive(h)
	}
}

// operations are the next n transactions.
func (db *simulated) operations(n int) []history.Operation {
	for db.ready() < n {
		db.turn(&db.clients[db.random.IntN(len(db.clients))], true)
	}
	return db.take(n)
}

// ready is how many operations can be handed out: none before them is still open.
func (db *simulated) ready() int {
	first := db.first + len(db.ops)
	for i := range db.clients {
		if op := db.clients[i].op; op >= 0 {
			first = min(first, op)
		}
	}
	return first - db.first
}
