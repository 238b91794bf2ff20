package linear

import (
	"math/rand/v2"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// Pending operations that may take effect in any later window are carried over with the states that go
// with them: here several of them, on few values, while one client reads and writes.
func TestWindowsCarryPendingOperations(t *testing.T) {
	seen := map[checker.Validity]int{}
	for seed := range uint64(24_000) {
		rng := rand.New(rand.NewPCG(seed, 17))
		value := func() history.Value { return history.IntValue(1 + rng.Int64N(3)) }
		var ops []history.Operation
		for position := int32(0); position < 24; position += 2 {
			op := history.Operation{Outcome: history.OK, Invoked: position, Returned: position + 1}
			switch rng.IntN(4) {
			case 0:
				op.F, op.Input, op.Outcome = "write", value(), history.Info
			case 1:
				op.F, op.Input, op.Outcome = "cas", history.ListValue(value(), value()), history.Info
			case 2:
				op.F, op.Input = "write", value()
			default:
				op.F, op.Output = "read", value()
			}
			ops = append(ops, op)
		}
		m := CASRegister()
		o, c := readAlone(&m, ops)
		w := &windows{machine: m.machine(o), items: o.items, allowance: o.allowance, memory: checker.DefaultMemory}
		got := w.decide(o.first())
		q := o.asQuestion(c, checker.DefaultMemory)
		if want := q.porcupineSays(); got != want {
			t.Fatalf("seed %d: %v, porcupine says %v\n%s", seed, got, want, render(ops))
		}
		seen[got]++
	}
	if seen[checker.Valid] < 4_000 || seen[checker.Invalid] < 4_000 {
		t.Errorf("lopsided: %v", seen)
	}
}
