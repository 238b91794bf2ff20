package totals_test

import (
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/totals"
	"faultline/cluster/ops"
	"faultline/history"
)

// concurrent makes operations of which ten are under way at any time.
type concurrent []history.Operation

func (c *concurrent) add(f string, in, out history.Value) {
	at := int32(2 * len(*c))
	*c = append(*c, history.Operation{F: f, Process: at % 10, Outcome: history.OK, Input: in, Output: out, Invoke: time.Duration(at), Return: time.Duration(at + 21),
		Invoked: at, Returned: at + 21})
}

func benchmark(b *testing.B, c checker.Checker, all []history.Operation) {
	for b.Loop() {
		if part := c.Check(b.Context(), checker.Input{Operations: all}, checker.Options{Timeout: time.Minute}); part.Validity != checker.Valid {
			b.Fatal(part.Reason)
		}
	}
	b.ReportMetric(float64(len(all))*float64(b.N)/b.Elapsed().Seconds(), "operations/s")
}

const operations = 1_000_000

// A million additions and reads of a counter.
func BenchmarkCounter(b *testing.B) {
	var all concurrent
	for i := range int64(operations / 2) {
		all.add("add", history.IntValue(1), history.Value{})
		all.add("read", history.Value{}, history.IntValue(i))
	}
	benchmark(b, totals.Counter(), all)
}

// A million additions, of which a thousand have an unknown outcome, and a hundred final reads.
func BenchmarkFinalReads(b *testing.B) {
	var all concurrent
	for i := range int64(operations) {
		all.add("add", history.IntValue(i%7-2), history.Value{})
		if i%1000 == 0 {
			all[i].Outcome, all[i].Returned = history.Info, -1
		}
	}
	sum := int64(0)
	for i := range all {
		if all[i].Outcome == history.OK {
			n, _ := all[i].Input.Int()
			sum += n
		}
	}
	for range 20 { // until all that was under way has returned
		all.add("add", history.IntValue(0), history.Value{})
	}
	for range 100 {
		all.add("read", history.Value{}, history.IntValue(sum))
		all[len(all)-1].Final = true
	}
	benchmark(b, totals.PNCounter(), all)
}

// A million transfers among ten accounts, and reads of all of them.
func BenchmarkBank(b *testing.B) {
	var all concurrent
	held := make([][2]history.Value, 10)
	for i := range held {
		held[i] = [2]history.Value{history.IntValue(int64(i)), history.IntValue(10)}
	}
	state := history.MapValue(held...)
	for i := range int64(operations / 2) {
		all.add(ops.Transfer, ops.Payment{From: i % 10, To: (i + 3) % 10, Amount: 1}.Transfer(), history.Value{})
		all.add(ops.Read, history.Value{}, state)
	}
	benchmark(b, totals.Bank(totals.BankOptions{}), all)
}
