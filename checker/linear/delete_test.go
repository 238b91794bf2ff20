package linear

import (
	"testing"

	"faultline/checker"
	"faultline/history"
)

// A delete is a write of null by another name: no history is decided otherwise for it.
func TestADeleteWritesNull(t *testing.T) {
	seen := map[checker.Validity]int{}
	for seed := range uint64(2000) {
		ops := drawLong(seed)
		deletes := 0
		renamed := append([]history.Operation(nil), ops...)
		for i := range renamed {
			if op := &renamed[i]; op.F == "write" && op.Input.Kind() == history.Nil {
				op.F, op.Input, op.Output = "delete", history.Value{}, history.Value{}
				deletes++
			}
		}
		if deletes == 0 {
			continue
		}
		want := Linearizable(CASRegister(), ops, checker.Options{})
		got := Linearizable(CASRegister(), renamed, checker.Options{})
		if seen[got.Validity]++; got.Validity != want.Validity {
			t.Fatalf("seed %d: %v, and %v with writes of null\n%s", seed, got.Validity, want.Validity, render(renamed))
		}
	}
	if seen[checker.Valid] < 100 || seen[checker.Invalid] < 100 || seen[checker.Unknown] > 0 {
		t.Errorf("histories with deletes: %v", seen)
	}
}
