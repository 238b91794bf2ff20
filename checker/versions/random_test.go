package versions_test

import (
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/versions"
	"faultline/history"
)

// The checker and the definition agree wherever the checker knows: a history is valid if and only if its operations have an order, in which
// those of unknown outcome may be missing, that keeps to real time and in which a register with versions does what it was seen to do.
func TestAgreesWithTheDefinition(t *testing.T) {
	counts := map[checker.Validity]int{}
	rapid.Check(t, func(t *rapid.T) {
		all := histories(t)
		got := versions.Checker().Check(t.Context(), checker.Input{Operations: all}, checker.Options{})
		counts[got.Validity]++
		if got.Validity == checker.Unknown {
			return
		}
		if want := explained(all, make([]bool, len(all)), 0, 0); want == (got.Validity == checker.Invalid) {
			t.Fatalf("there is an order: %v, got %s\n%v", want, scripttest.Show(got), all)
		}
	})
	t.Logf("%d valid, %d invalid, %d unknown", counts[checker.Valid], counts[checker.Invalid], counts[checker.Unknown])
}

// pair is [version value], with null for 0 in both places where that is the beginning.
func pair(version, value int64) history.Value {
	return history.ListValue(history.IntValue(version), number(value))
}

func number(n int64) history.Value {
	if n == 0 {
		return history.NilValue()
	}
	return history.IntValue(n)
}

// histories draws what a few clients do with a register that works, and spoils a few answers.
func histories(t *rapid.T) []history.Operation {
	draw := func(low, high int, what string) int { return rapid.IntRange(low, high).Draw(t, what) }
	var all []history.Operation
	type call struct{ i, applied int }
	open := map[int32]*call{}
	version, value := int64(0), int64(0)
	for at := range draw(4, 20, "events") {
		p := int32(draw(1, 3, "process"))
		c := open[p]
		if c == nil {
			op := history.Operation{Process: int32(len(all)), F: rapid.SampledFrom([]string{"read", "write", "write", "cas"}).Draw(t, "f"),
				Invoked: int32(at), Returned: -1, Outcome: history.Info}
			a, b := int64(draw(0, 2, "old")), int64(draw(1, 3, "new"))
			switch op.F {
			case "write":
				op.Input = history.ListValue(history.NilValue(), number(b))
			case "cas":
				op.Input = history.ListValue(history.NilValue(), history.ListValue(number(a), number(b)))
			}
			open[p] = &call{len(all), 0}
			all = append(all, op)
			continue
		}
		op := &all[c.i]
		if c.applied == 0 && draw(0, 7, "apply") > 0 {
			c.applied = 1
			in, _ := op.Input.List()
			switch op.F {
			case "read":
				op.Output = pair(version, value)
			case "write":
				version++
				value, _ = in[1].Int()
				op.Output = pair(version, value)
			case "cas":
				change, _ := in[1].List()
				if change[0].Equal(number(value)) {
					version++
					value, _ = change[1].Int()
					op.Output = history.ListValue(history.IntValue(version), in[1])
				} else {
					c.applied = 2
				}
			}
			continue
		}
		delete(open, p)
		switch lost := draw(0, 5, "lost") == 0; {
		case lost || c.applied == 0:
			op.Output = history.Value{}
		case c.applied == 2:
			op.Outcome, op.Returned = history.Fail, int32(at)
		default:
			op.Outcome, op.Returned = history.OK, int32(at)
		}
	}
	for _, c := range open {
		all[c.i].Output = history.Value{}
	}
	if len(all) > 0 && draw(0, 1, "spoil") == 0 {
		if op := &all[draw(0, len(all)-1, "which")]; op.Outcome == history.OK {
			told, _ := op.Output.List()
			op.Output = history.ListValue(history.IntValue(int64(draw(0, 4, "version"))), told[1])
			if op.F == "read" && draw(0, 1, "value") == 0 {
				op.Output = pair(int64(draw(1, 4, "version")), int64(draw(1, 3, "value")))
			}
		}
	}
	return all
}

// explained tries all orders.
func explained(all []history.Operation, done []bool, version, value int64) bool {
	left := false
	for i := range all {
		op := &all[i]
		if done[i] || op.Outcome == history.Fail {
			continue
		}
		left = left || op.Outcome == history.OK
		if !first(all, done, i) {
			continue
		}
		if v, w, ok := step(op, version, value); ok {
			done[i] = true
			found := explained(all, done, v, w)
			done[i] = false
			if found {
				return true
			}
		}
	}
	return !left
}

func first(all []history.Operation, done []bool, i int) bool {
	for j := range all {
		if !done[j] && all[j].Outcome == history.OK && all[j].Returned < all[i].Invoked {
			return false
		}
	}
	return true
}

// step carries an operation out; false if it cannot happen.
func step(op *history.Operation, version, value int64) (v, w int64, ok bool) {
	in, _ := op.Input.List()
	told, _ := op.Output.List()
	agrees := func(v int64) bool { return op.Outcome != history.OK || told[0].Equal(history.IntValue(v)) }
	switch op.F {
	case "read":
		return version, value, op.Outcome != history.OK || agrees(version) && (told[1].Equal(number(value)) || version > 0 && told[1].Kind() == history.Nil)
	case "write":
		w, _ = in[1].Int()
		return version + 1, w, agrees(version + 1)
	default:
		change, _ := in[1].List()
		w, _ = change[1].Int()
		if !change[0].Equal(number(value)) {
			return version, value, op.Outcome != history.OK
		}
		return version + 1, w, agrees(version + 1)
	}
}

func BenchmarkMillion(b *testing.B) {
	const operations, keys = 1_000_000, 10
	var all []history.Operation
	for i := range int64(operations) {
		op := history.Operation{F: "read", Key: string(rune('a' + i%keys)), Outcome: history.OK, Invoked: int32(2 * i), Returned: int32(2*i + 1)}
		n := i / keys / 2
		op.Output = pair(n+1, n+1)
		if i/keys%2 == 0 {
			op.F, op.Input = "write", history.ListValue(history.NilValue(), history.IntValue(n+1))
		}
		all = append(all, op)
	}
	for b.Loop() {
		if p := versions.Checker().Check(b.Context(), checker.Input{Operations: all}, checker.Options{}); p.Validity != checker.Valid {
			b.Fatal(p.Reason)
		}
	}
	b.ReportMetric(float64(operations*b.N)/b.Elapsed().Seconds(), "ops/s")
}
