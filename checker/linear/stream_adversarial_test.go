package linear

import (
	"math/rand/v2"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// A stream that closes keys at every chance, the check of the whole and the definition agree where closing is hardest: few values, many
// operations of which nobody knows the outcome, and now and then a moment at which nothing else is under way.
func TestStreamAgreesWithDefinitionWhereItForgets(t *testing.T) {
	seen, carried := map[checker.Validity]int{}, 0
	for seed := range uint64(20_000) {
		rng := rand.New(rand.NewPCG(seed, 31))
		ops := crowded(rng)
		want := validity(bruteForce(ops))
		seen[want]++
		if got := Linearizable(CASRegister(), ops, checker.Options{}); got.Validity != want {
			t.Fatalf("seed %d: %v, by definition %v\n%s", seed, got.Validity, want, render(ops))
		}
		got, s := streamed(CASRegister(), eventsOf(ops), 0)
		if got.Validity != want {
			t.Fatalf("seed %d: a stream says %v, by definition %v\n%s", seed, got.Validity, want, render(ops))
		}
		if k := s.keys[""]; len(k.states) > 0 && k.remembered > 0 && k.operations > int(k.remembered) {
			carried++
		}
	}
	t.Logf("%v, %d with operations carried over", seen, carried)
	if seen[checker.Valid] < 2_000 || seen[checker.Invalid] < 2_000 || carried < 2_000 {
		t.Errorf("lopsided: %v, %d with operations carried over", seen, carried)
	}
}

// crowded makes operations of few values. Half of the changes end in info; the others overlap with the one before at times.
func crowded(rng *rand.Rand) []history.Operation {
	value := func() history.Value {
		if n := rng.Int64N(3); n > 0 {
			return history.IntValue(n)
		}
		return history.NilValue()
	}
	var ops []history.Operation
	position := int32(0)
	for i := range 3 + rng.IntN(6) {
		op := history.Operation{Process: int32(i), Outcome: history.OK, Invoked: position, Returned: position + 1}
		switch rng.IntN(5) {
		case 0, 1:
			op.F, op.Input = "write", value()
		case 2:
			op.F, op.Input = "cas", history.ListValue(value(), value())
		default:
			op.F, op.Output = "read", value()
		}
		if op.F != "read" && rng.IntN(2) == 0 {
			op.Outcome = history.Info
			op.Answered("", "timeout")
		} else if op.F == "cas" && rng.IntN(3) == 0 {
			op.Outcome = history.Fail
			op.Answered("", history.PreconditionFailed)
			if rng.IntN(2) == 0 {
				op.Output = value()
			}
		}
		if n := len(ops); n > 0 && ops[n-1].Returned == position-1 && rng.IntN(3) == 0 { // it begins before that returns
			ops[n-1].Returned, op.Invoked = position, position-1
		}
		ops = append(ops, op)
		position += 2
	}
	return ops
}
