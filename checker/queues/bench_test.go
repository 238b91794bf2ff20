package queues_test

import (
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/queues"
	"faultline/cluster/ops"
	"faultline/history"
)

// A queue through which half a million elements go, the last thousand by a drain.
func BenchmarkTotal(b *testing.B) {
	const elements, drained = 500_000, 1000
	var all []history.Operation
	add := func(f string, in, out history.Value) {
		at := int32(2 * len(all))
		all = append(all, history.Operation{F: f, Outcome: history.OK, Input: in, Output: out, Invoke: time.Duration(at), Return: time.Duration(at + 1),
			Invoked: at, Returned: at + 1})
	}
	var rest []history.Value
	for i := range int64(elements) {
		v := history.IntValue(i)
		add(ops.Enqueue, v, history.Value{})
		if i < elements-drained {
			add(ops.Dequeue, history.Value{}, v)
		} else {
			rest = append(rest, v)
		}
	}
	add(ops.Drain, history.Value{}, history.ListValue(rest...))
	for b.Loop() {
		part := queues.Total().Check(b.Context(), checker.Input{Operations: all}, checker.Options{Timeout: time.Minute})
		if part.Validity != checker.Valid {
			b.Fatal(part.Reason)
		}
	}
	b.ReportMetric(float64(len(all))*float64(b.N)/b.Elapsed().Seconds(), "operations/s")
}
