package sets_test

import (
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/sets"
	"faultline/history"
)

// sequence makes operations one after the other.
type sequence []history.Operation

func (s *sequence) add(f string, in, out history.Value) {
	at := int32(2 * len(*s))
	*s = append(*s, history.Operation{F: f, Outcome: history.OK, Input: in, Output: out, Invoke: time.Duration(at), Return: time.Duration(at + 1),
		Invoked: at, Returned: at + 1})
}

func benchmark(b *testing.B, c checker.Checker, all []history.Operation, per float64, unit string) {
	for b.Loop() {
		if part := c.Check(b.Context(), checker.Input{Operations: all}, checker.Options{Timeout: time.Minute}); part.Validity != checker.Valid {
			b.Fatal(part.Reason)
		}
	}
	b.ReportMetric(per*float64(b.N)/b.Elapsed().Seconds(), unit)
}

// A set of 100,000 elements, read a hundred times: what was added so far, and all of it at last.
func BenchmarkFull(b *testing.B) {
	const elements, reads = 100_000, 100
	var all sequence
	var held []history.Value
	told := 0
	for i := range elements {
		v := history.IntValue(int64(i))
		held = append(held, v)
		all.add("add", v, history.Value{})
		if (i+1)%(elements/reads) == 0 {
			all.add("read", history.Value{}, history.ListValue(held...))
			told += len(held)
		}
	}
	for name, c := range map[string]checker.Checker{"full": sets.Full(sets.Options{Linearizable: true}), "set": sets.Set(), "reverse": sets.CausalReverse()} {
		b.Run(name, func(b *testing.B) { benchmark(b, c, all, float64(told), "elements/s") })
	}
}

// A million adds and reads of few elements.
func BenchmarkSmallReads(b *testing.B) {
	const operations = 1_000_000
	var all sequence
	for i := range operations / 2 {
		v := history.IntValue(int64(i % 10))
		all.add("add", v, history.Value{})
		var held []history.Value
		for e := range min(i+1, 10) {
			held = append(held, history.IntValue(int64(e)))
		}
		all.add("read", history.Value{}, history.ListValue(held...))
	}
	for name, c := range map[string]checker.Checker{"full": sets.Full(sets.Options{Linearizable: true}), "set": sets.Set(), "reverse": sets.CausalReverse()} {
		b.Run(name, func(b *testing.B) { benchmark(b, c, all, operations, "operations/s") })
	}
}

// A million ids: small numbers, and texts.
func BenchmarkUniqueIDs(b *testing.B) {
	const operations = 1_000_000
	for name, id := range map[string]func(int) history.Value{
		"numbers": func(i int) history.Value { return history.IntValue(int64(i)) },
		"texts":   func(i int) history.Value { return history.TextValue(time.Duration(i).String()) },
	} {
		var all sequence
		for i := range operations {
			all.add("generate", history.Value{}, id(i))
		}
		b.Run(name, func(b *testing.B) { benchmark(b, sets.UniqueIDs(), all, operations, "operations/s") })
	}
}
