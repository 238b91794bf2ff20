package ladder

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// drawCircular makes a small history of anything: answers come from nowhere, and what ended in info expects what comes later, or what
// ended in info itself.
func drawCircular(seed uint64) []history.Operation {
	rng := rand.New(rand.NewPCG(seed, 23))
	operations := 2 + rng.IntN(6)
	value := func() history.Value {
		if n := rng.IntN(operations + 1); n > 0 {
			return history.IntValue(int64(n))
		}
		return history.NilValue()
	}
	fresh := rng.Perm(operations) // no value is written twice
	sessions := []int32{0, 1, 2}
	next := int32(len(sessions))
	var ops []history.Operation
	for i := range operations {
		at := rng.IntN(len(sessions))
		op := history.Operation{Process: sessions[at], Key: []string{"x", "y"}[rng.IntN(8)/7], Outcome: history.OK,
			Invoked: int32(2 * i), Returned: int32(2*i + 1), Invoke: time.Duration(2 * i), Return: time.Duration(2*i + 1)}
		put := history.IntValue(int64(1 + fresh[i]))
		switch rng.IntN(4) {
		case 0:
			op.F, op.Input = "write", put
		case 1, 2:
			expected := value()
			for expected.Equal(put) {
				expected = value()
			}
			op.F, op.Input = "cas", history.ListValue(expected, put)
		default:
			op.F, op.Output = "read", value()
		}
		if op.F != "read" && rng.IntN(2) == 0 { // the client goes on as another session
			op.Outcome, op.Returned = history.Info, -1
			sessions[at], next = next, next+1
		}
		ops = append(ops, op)
	}
	return ops
}

// Checkers decide such histories as the definition does, and what explains that a model is broken breaks it by itself.
func TestExplanationsAreSound(t *testing.T) {
	for _, model := range slices.Sorted(maps.Keys(definitions)) {
		t.Run(model, func(t *testing.T) {
			var a agreement
			for seed := range uint64(3_000) {
				ops := drawCircular(seed)
				if err := a.compare(model, ops); err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, render(ops))
				}
			}
			t.Logf("%d valid, %d invalid", a.valid, a.invalid)
			if a.invalid < 500 {
				t.Errorf("only %d were invalid", a.invalid)
			}
		})
	}
}

// So do the explanations of the models that are decided elsewhere, or by comparing reads: checked afresh, what they show is invalid.
func TestExplanationsCheckedAfreshAreInvalid(t *testing.T) {
	for _, model := range []string{Linearizable, BoundedStaleness, Eventual} {
		t.Run(model, func(t *testing.T) {
			invalid := 0
			for seed := range uint64(3_000) {
				ops := draw(seed, 3+int(seed%8)).operations()
				end := ops[len(ops)-1].Invoke
				o := Options{Timeout: time.Minute, Staleness: max(1, end/3), Settled: max(1, end/4)}
				r := Check(ops, []string{model}, o)[0]
				if r.Validity != checker.Invalid {
					continue
				}
				invalid++
				part := shown(ops, r.Violation)
				if again := Check(part, []string{model}, o)[0]; again.Validity != checker.Invalid {
					t.Fatalf("seed %d: %s\nalone it is %v: %s\n%s\nof\n%s", seed, r.Reason, again.Validity, again.Reason, render(part), render(ops))
				}
			}
			if t.Logf("%d invalid", invalid); invalid < 100 {
				t.Errorf("only %d were invalid", invalid)
			}
		})
	}
}
