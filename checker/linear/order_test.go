package linear

import (
	"slices"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// An order that is shown is one: it keeps real time, has everything that returned, and the model accepts it.
func TestLinearizations(t *testing.T) {
	found := 0
	for seed := range uint64(300) {
		ops := drawLong(seed)
		part := Linearizable(CASRegister(), ops, checker.Options{})
		orders := Linearizations(CASRegister(), ops, checker.Options{})
		if (part.Validity == checker.Valid) != (len(orders) == 1) {
			t.Fatalf("seed %d: %v, and %d orders of\n%s", seed, part.Validity, len(orders), render(ops))
		}
		for _, l := range orders {
			found++
			checkOrder(t, ops, l.Order)
		}
	}
	if found < 50 {
		t.Errorf("only %d histories had an order", found)
	}
}

// checkOrder puts the operations one after the other, as a history that only has that order.
func checkOrder(t *testing.T, ops []history.Operation, order []int32) {
	t.Helper()
	latest := int32(-1)
	var line []history.Operation
	for k, i := range order {
		op := ops[i]
		if op.Outcome != history.Info && op.Returned < latest {
			t.Fatalf("%v does not keep real time in\n%s", order, render(ops))
		}
		latest = max(latest, op.Invoked)
		op.Invoked, op.Returned = int32(2*k), int32(2*k+1)
		op.Outcome = cmpOutcome(op)
		line = append(line, op)
	}
	for i, op := range ops {
		if says := op.Outcome == history.OK || op.Reason() == history.PreconditionFailed; says && !slices.Contains(order, int32(i)) && op.F != "read" {
			t.Fatalf("%v lacks operation %d of\n%s", order, i, render(ops))
		}
	}
	if part := Linearizable(CASRegister(), line, checker.Options{}); part.Validity != checker.Valid {
		t.Fatalf("%v: %s in\n%s", order, part.Reason, render(ops))
	}
}

// cmpOutcome is the outcome of an operation that took its place in an order: what was unknown took effect.
func cmpOutcome(op history.Operation) history.Type {
	if op.Outcome == history.Info && op.F != "read" {
		return history.OK
	}
	return op.Outcome
}

// Where there is no order, every attempt ends before the last operation, and says what the object held then.
func TestExplore(t *testing.T) {
	ops := []history.Operation{
		{F: "write", Input: history.IntValue(1), Output: history.IntValue(1), Outcome: history.OK, Process: 1, Invoked: 0, Returned: 1, Invoke: 0, Return: 1},
		{F: "write", Input: history.IntValue(2), Output: history.IntValue(2), Outcome: history.OK, Process: 1, Invoked: 2, Returned: 3, Invoke: 2, Return: 3},
		{F: "read", Output: history.IntValue(1), Outcome: history.OK, Process: 2, Invoked: 4, Returned: 5, Invoke: 4, Return: 5},
	}
	e := Explore(CASRegister(), ops, checker.Finding{}, 0, checker.Options{})
	if e.Validity != checker.Invalid || len(e.Orders) == 0 {
		t.Fatalf("%+v", e)
	}
	want := PartialOrder{{0, "1"}, {1, "2"}}
	if !slices.Equal(e.Orders[0], want) {
		t.Errorf("the longest order is %v", e.Orders[0])
	}
	if e := Explore(CASRegister(), ops, checker.Finding{}, 3*time.Nanosecond, checker.Options{}); e.Validity != checker.Valid {
		t.Errorf("with reads that may be old: %+v", e)
	} else if got := e.Orders[0]; len(got) != 3 || got[1].Operation != 2 {
		t.Errorf("with reads that may be old: %v", got)
	}
}
