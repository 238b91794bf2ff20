package checker

import (
	"testing"

	"faultline/history"
)

// An order that a system claims decides nearly every history of a system that works, and never a
// history that the definition refuses.
func TestTheWitnessIsVerifiedAndNotTrusted(t *testing.T) {
	valid, decided := 0, 0
	for seed := range uint64(smallHistories) {
		ops := draw(seed)
		if !claimsIndexes(ops) {
			continue
		}
		q, err := CASRegister().compile(ops)
		if err != nil {
			t.Fatal(err)
		}
		linearizable := bruteForce(ops)
		if linearizable {
			valid++
		}
		if q.verify(q.proposed) {
			decided++
			if !linearizable {
				t.Fatalf("seed %d: the witness was believed\n%s", seed, render(ops))
			}
		}
	}
	if decided*3 < valid {
		t.Errorf("the witness decided %d of %d valid histories", decided, valid)
	}
}

func claimsIndexes(ops []history.Operation) bool {
	for _, op := range ops {
		if op.LogIndex > 0 {
			return true
		}
	}
	return false
}

// An order that leaves operations out, or has one twice, is no order of them.
func TestAWitnessHasEveryOperationOnce(t *testing.T) {
	ops := drawLong(1)
	q, err := CASRegister().compile(ops)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]int, len(q.operations))
	if q.verify(all[:len(all)-1]) {
		t.Error("one is left out")
	}
	if q.verify(all) {
		t.Error("one is there again and again")
	}
}
