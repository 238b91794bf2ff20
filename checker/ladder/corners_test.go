package ladder

import (
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// step is an operation of a process that returns before the next one is invoked.
func step(at *int32, process int32, f string, in, out history.Value) history.Operation {
	*at += 2
	when := time.Duration(*at) * time.Millisecond
	return history.Operation{F: f, Key: "x", Process: process, Input: in, Output: out, Outcome: history.OK,
		Invoked: *at - 2, Returned: *at - 1, Invoke: when, Return: when + 1}
}

// Cas that replace each other in a circle come to an end, for each model.
func TestCircleOfCas(t *testing.T) {
	cas := func(process int32, invoked, returned int32, from, to int64) history.Operation {
		return history.Operation{F: "cas", Key: "x", Process: process, Input: history.PairValue(from, to), Outcome: history.OK,
			Invoked: invoked, Returned: returned, Invoke: time.Duration(invoked), Return: time.Duration(returned)}
	}
	ops := []history.Operation{cas(0, 0, 2, 1, 2), cas(1, 1, 3, 2, 1),
		{F: "read", Key: "x", Process: 2, Output: history.IntValue(1), Outcome: history.OK, Invoked: 4, Returned: 5, Invoke: 4, Return: 5}}
	for _, r := range Check(ops, Names(), Options{Settled: 1}) {
		if r.Model == Linearizable && r.Validity != checker.Invalid {
			t.Errorf("%s: %v", r.Model, r.Validity)
		}
	}
	_ = Measure(ops)
}

// Eventual goes by position where times are equal.
func TestEventualAtOneInstant(t *testing.T) {
	at := int32(0)
	null := history.Value{}
	one, two := history.IntValue(1), history.IntValue(2)
	ops := []history.Operation{step(&at, 1, "write", one, null), step(&at, 1, "read", null, one), step(&at, 1, "write", two, null), step(&at, 1, "read", null, two)}
	for i := range ops[1:3] {
		ops[1+i].Invoke, ops[1+i].Return = time.Millisecond, time.Millisecond
	}
	for _, r := range Check(ops, []string{Eventual, Linearizable}, Options{Settled: time.Millisecond}) {
		if r.Validity != checker.Valid {
			t.Errorf("%s: %v: %s", r.Model, r.Validity, r.Reason)
		}
	}
}

// Without times there is no bound on the age of reads.
func TestBoundedStalenessWithoutTimes(t *testing.T) {
	at := int32(0)
	null := history.Value{}
	one, two := history.IntValue(1), history.IntValue(2)
	ops := []history.Operation{step(&at, 0, "write", one, null), step(&at, 0, "write", two, null), step(&at, 1, "read", null, one)}
	for i := range ops {
		ops[i].Invoke, ops[i].Return = 0, 0
	}
	r := Check(ops, []string{BoundedStaleness}, Options{})[0]
	if r.Validity != checker.Unknown || !strings.Contains(r.Reason, "no times") || r.Freshest != nil {
		t.Errorf("%v: %s, %v", r.Validity, r.Reason, r.Freshest)
	}
	ops = ops[:2]
	if r := Check(ops, []string{BoundedStaleness}, Options{})[0]; r.Validity != checker.Valid {
		t.Errorf("what is linearizable is %v: %s", r.Validity, r.Reason)
	}
}

// A check of all models ends with its time, whatever it is at.
func TestEndsWithItsTime(t *testing.T) {
	const timeout = 20 * time.Millisecond
	ops := draw(4, 3_000).operations()
	begin := time.Now()
	Check(ops, Names(), Options{Timeout: timeout, Settled: 1})
	if took := time.Since(begin); took > 20*timeout { // a machine may be busy; without a bound it takes far longer
		t.Errorf("it took %v", took)
	}
	done := make(chan struct{})
	close(done)
	for _, r := range Check(ops, Names(), Options{Done: done, Settled: 1}) {
		if r.Validity != checker.Unknown {
			t.Errorf("%s is %v, though nobody waits for it", r.Model, r.Validity)
		}
	}
}
