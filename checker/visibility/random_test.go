package visibility_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/visibility"
	"faultline/history"
)

// Every pair of reads is compared with every pair of registers.
func TestLongForkAgreesWithTheDefinition(t *testing.T) {
	counts := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		const registers = 4
		var all []history.Operation
		add := func(v history.Value) {
			at := int32(2 * len(all))
			all = append(all, history.Operation{F: "txn", Process: int32(len(all)), Outcome: history.OK, Input: v, Output: v, Invoked: at, Returned: at + 1})
		}
		for r := range registers {
			add(history.ListValue(history.ListValue(history.TextValue("w"), history.IntValue(int64(r)), history.IntValue(1))))
		}
		var reads [][registers]int // 0 for not read, 1 for nothing, 2 for something
		for range rapid.IntRange(1, 6).Draw(t, "reads") {
			var saw [registers]int
			var steps []history.Value
			for r := range registers {
				saw[r] = rapid.IntRange(0, 2).Draw(t, fmt.Sprint("register ", r))
				if saw[r] == 0 {
					continue
				}
				v := history.NilValue()
				if saw[r] == 2 {
					v = history.IntValue(1)
				}
				steps = append(steps, history.ListValue(history.TextValue("r"), history.IntValue(int64(r)), v))
			}
			reads = append(reads, saw)
			add(history.ListValue(steps...))
		}
		want := false
		for _, p := range reads {
			for _, q := range reads {
				for a := range registers {
					for b := range registers {
						want = want || p[a] == 2 && p[b] == 1 && q[a] == 1 && q[b] == 2
					}
				}
			}
		}
		counts[want]++
		got := visibility.LongFork().Check(t.Context(), checker.Input{Operations: all}, checker.Options{})
		if want != (got.Validity == checker.Invalid) {
			t.Fatalf("forked: %v, got %s\n%v", want, scripttest.Show(got), all)
		}
	})
	t.Logf("%d forked, %d not", counts[true], counts[false])
}

func BenchmarkLongFork(b *testing.B) {
	const operations, group = 1_000_000, 4
	var all []history.Operation
	for i := range operations {
		op := history.Operation{F: "read", Outcome: history.OK, Invoked: int32(2 * i), Returned: int32(2*i + 1)}
		first := int64(i / 20 * group)
		if k := i % 20; k < group {
			op.F, op.Input = "write", history.ListValue(history.ListValue(history.TextValue("w"), history.IntValue(first+int64(k)), history.IntValue(1)))
		} else {
			var steps []history.Value
			for r := range int64(group) {
				v := history.NilValue()
				if r < int64(k%5) {
					v = history.IntValue(1)
				}
				steps = append(steps, history.ListValue(history.TextValue("r"), history.IntValue(first+r), v))
			}
			op.Output = history.ListValue(steps...)
		}
		all = append(all, op)
	}
	for b.Loop() {
		if p := visibility.LongFork().Check(b.Context(), checker.Input{Operations: all}, checker.Options{}); p.Validity != checker.Valid {
			b.Fatal(p.Reason)
		}
	}
	b.ReportMetric(float64(operations*b.N)/b.Elapsed().Seconds(), "ops/s")
}
