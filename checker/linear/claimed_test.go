package linear

import (
	"testing"

	"faultline/history"
)

// An order that a system claims decides nearly every history of a system that works, and never a
// history that the definition refuses.
func TestTheClaimedOrderIsVerifiedAndNotTrusted(t *testing.T) {
	valid, decided := 0, 0
	for seed := range uint64(smallHistories) {
		ops := draw(seed)
		if !claimsIndexes(ops) {
			continue
		}
		m := CASRegister()
		o, c := readAlone(&m, ops)
		linearizable := bruteForce(ops)
		if linearizable {
			valid++
		}
		if o.claims(c) && o.follows(m.machine(o), c) {
			decided++
			if !linearizable {
				t.Fatalf("seed %d: the claimed order was believed\n%s", seed, render(ops))
			}
		}
	}
	if decided*3 < valid {
		t.Errorf("the claimed order decided %d of %d valid histories", decided, valid)
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
	ops := []history.Operation{
		{F: "write", Input: history.IntValue(1), Outcome: history.OK, Invoked: 0, Returned: 1},
		{F: "write", Input: history.IntValue(2), Outcome: history.OK, Invoked: 2, Returned: 3},
	}
	m := CASRegister()
	o, c := readAlone(&m, ops)
	if !o.verify(m.machine(o), []int32{0, 1}, c) {
		t.Error("each is there once")
	}
	if o.verify(m.machine(o), []int32{0}, c) {
		t.Error("one is left out")
	}
	if o.verify(m.machine(o), []int32{0, 1, 1}, c) {
		t.Error("one is there again")
	}
}
