package delivery_test

import (
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/cluster/ops"
	"faultline/history"
)

// A log of a hundred thousand records, read to its end near three nodes and by three consumers, 50 records at a time.
func BenchmarkLog(b *testing.B) {
	const records, batch = 1_000_000, 50
	var all []history.Operation
	at := int32(0)
	add := func(process int32, f string, in, out history.Value) {
		all = append(all, history.Operation{F: f, Key: "log", Process: process, Outcome: history.OK, Input: in, Output: out,
			Invoke: time.Duration(at), Return: time.Duration(at + 1), Invoked: at, Returned: at + 1})
		at += 2
	}
	for i := range int64(records) {
		v := history.IntValue(i)
		add(1, ops.Send, v, ops.Record{Offset: i, Value: v}.Encode())
	}
	settled := time.Duration(at)
	for process := range int32(6) {
		f := ops.Fetch
		if process >= 3 {
			f = ops.Poll
		}
		for from := int64(0); from <= records; from += batch {
			var got []ops.Record
			for o := from; o < min(from+batch, records); o++ {
				got = append(got, ops.Record{Offset: o, Value: history.IntValue(o)})
			}
			add(10+process, f, history.IntValue(from), ops.EncodeRecords(got))
		}
	}
	for b.Loop() {
		part := delivery.Log().Check(b.Context(), checker.Input{Operations: all, Ending: checker.Ending{Settled: settled}}, checker.Options{Timeout: time.Minute})
		if part.Validity != checker.Valid {
			b.Fatal(part.Reason)
		}
	}
	b.ReportMetric(float64(records)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
