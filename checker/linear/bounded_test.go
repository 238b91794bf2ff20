package linear

import (
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// Bounded decides every small history as the definition does: a read may come before whatever returned within the
// bound before it.
func TestBoundedAgreesWithDefinition(t *testing.T) {
	seen := map[checker.Validity]int{}
	saved := 0 // by the bound
	for seed := range uint64(smallHistories) {
		ops, bound := draw(seed), time.Duration(1+seed%3)
		if !Timed(ops) {
			if part := Bounded(CASRegister(), ops, bound, checker.Options{}); part.Validity != checker.Unknown {
				t.Fatalf("seed %d: %v without times\n%s", seed, part.Validity, render(ops))
			}
			continue
		}
		want := validity(bruteForceOrder(ops, history.NilValue(), func(a, b history.Operation) bool {
			if b.F == "read" {
				return a.Return < b.Invoke-bound
			}
			return a.Returned < b.Invoked
		}))
		seen[want]++
		got := Bounded(CASRegister(), ops, bound, checker.Options{})
		if got.Validity != want {
			t.Fatalf("seed %d, %v: %v, by definition %v\n%s", seed, bound, got.Validity, want, render(ops))
		}
		if want == checker.Valid && decide(ops) == checker.Invalid {
			saved++
		}
	}
	if seen[checker.Valid] < smallHistories/6 || seen[checker.Invalid] < smallHistories/6 || saved < smallHistories/200 {
		t.Errorf("the histories are lopsided: %v, %d valid by the bound", seen, saved)
	}
}

// The operations are the caller's, and stay as they are.
func TestBoundedLeavesTheOperations(t *testing.T) {
	ops := draw(7)
	before := render(ops)
	part := Bounded(CASRegister(), ops, time.Second, checker.Options{})
	if render(ops) != before {
		t.Errorf("%s became %s", before, render(ops))
	}
	if part.Name != "bounded staleness" {
		t.Errorf("the part is called %s", part.Name)
	}
}

func TestBoundedNamesTheBound(t *testing.T) {
	second := func(n int) time.Duration { return time.Duration(n) * time.Second }
	ops := []history.Operation{
		{F: "write", Key: "x", Input: history.IntValue(1), Outcome: history.OK, Invoke: second(0), Return: second(1), Invoked: 0, Returned: 1},
		{F: "write", Key: "x", Input: history.IntValue(2), Outcome: history.OK, Invoke: second(1) + 1, Return: second(2), Invoked: 2, Returned: 3},
		{F: "write", Key: "y", Input: history.IntValue(3), Outcome: history.OK, Invoke: second(4), Return: second(4) + 1, Invoked: 4, Returned: 5},
		{F: "read", Key: "x", Output: history.IntValue(1), Outcome: history.OK, Invoke: second(5), Return: second(7), Invoked: 6, Returned: 7},
	}
	if part := Bounded(CASRegister(), ops, second(3), checker.Options{}); part.Validity != checker.Valid {
		t.Errorf("the value was replaced 3 s before: %v", part.Reason)
	}
	part := Bounded(CASRegister(), ops, second(2), checker.Options{})
	if part.Validity != checker.Invalid || !strings.HasPrefix(part.Reason, "with reads that may see what was 2s before them, ") {
		t.Errorf("%v: %s", part.Validity, part.Reason)
	}
	// What is told of them is where they are in the history, though the read was moved before position 4.
	read := part.Findings[0].Operations[2]
	if read.Invoked != 6 || read.Returned != 7 {
		t.Errorf("the read is at %d to %d", read.Invoked, read.Returned)
	}
	mark := []Mark{{Begin: 4, End: 8}} // from the write of y to the end
	example := Counterexamples(CASRegister(), ops, part, second(2), checker.Options{})[0]
	if m := example.placed(mark)[0]; m.Begin != 5 || m.End != 6 { // of the events on x
		t.Errorf("the mark is at %d to %d", m.Begin, m.End)
	}
}
