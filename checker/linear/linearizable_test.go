package linear

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// hard makes a history that no reduction helps with and no search finishes: n pending writes, of which
// each value is seen, again and again, and at the end a value that had been overwritten for good.
func hard(n int) []history.Operation {
	overwritten := history.IntValue(99)
	events := []history.Event{
		{Process: n, Type: history.Invoke, F: "write", Value: overwritten},
		{Process: n, Type: history.OK, F: "write", Value: overwritten},
	}
	for p := range n {
		events = append(events, history.Event{Process: p, Type: history.Invoke, F: "write", Value: history.IntValue(int64(p % 4))})
	}
	read := func(v int64) {
		events = append(events,
			history.Event{Process: n, Type: history.Invoke, F: "read"},
			history.Event{Process: n, Type: history.OK, F: "read", Value: history.IntValue(v)})
	}
	for i := range n {
		read(int64(i % 4))
	}
	read(99)
	ops, err := history.Operations(events)
	if err != nil {
		panic(err)
	}
	return ops
}

func TestTimeout(t *testing.T) {
	begin := time.Now()
	part := Linearizable(CASRegister(), hard(60), checker.Options{Timeout: 50 * time.Millisecond, Memory: 8 << 30})
	if part.Validity != checker.Unknown || len(part.Findings) != 1 || !strings.Contains(part.Reason, "bound on time") {
		t.Errorf("%v: %s", part.Validity, part.Reason)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("a bound of 50ms was kept to %v", took)
	}
}

func TestMemoryBound(t *testing.T) {
	part := Linearizable(CASRegister(), hard(60), checker.Options{Timeout: time.Minute, Memory: 1 << 20})
	if part.Validity != checker.Unknown || !strings.Contains(part.Reason, "bound on memory") {
		t.Errorf("%v: %s", part.Validity, part.Reason)
	}
}

// A key that cannot be decided takes no time from the others.
func TestHardKeyLeavesOthersTime(t *testing.T) {
	ops := hard(60)
	for i := range ops {
		ops[i].Key = "hard"
	}
	for _, op := range draw(1) {
		op.Key = "zeta"
		op.Outcome = history.OK
		op.F, op.Output = "read", history.IntValue(5)
		op.Answered("", "")
		ops = append(ops, op)
		break
	}
	part := Linearizable(CASRegister(), ops, checker.Options{Timeout: 100 * time.Millisecond, Memory: 8 << 30})
	if part.Validity != checker.Invalid || len(part.Findings) != 2 || part.Findings[1].On != "zeta" {
		t.Errorf("%v: %s", part.Validity, part.Reason)
	}
	var answers []checker.Validity
	for _, k := range part.Findings {
		answers = append(answers, k.Validity)
	}
	if !slices.Equal(answers, []checker.Validity{checker.Unknown, checker.Invalid}) {
		t.Errorf("findings: %v", part.Findings)
	}
}

func TestNothingToOrder(t *testing.T) {
	if part := Linearizable(CASRegister(), nil, checker.Options{}); part.Validity != checker.Unknown {
		t.Errorf("%v: %s", part.Validity, part.Reason)
	}
}

// What explains an invalid verdict has no order by definition either, and no operation too many.
func TestExplanationsAreInvalidAndSmall(t *testing.T) {
	explained := 0
	for seed := uint64(0); explained < 3_000; seed++ {
		ops := draw(seed)
		if bruteForce(ops) {
			continue
		}
		explained++
		part := Linearizable(CASRegister(), ops, checker.Options{})
		e := part.Findings[0]
		if len(e.Operations) == 0 || e.Sentence == "" || part.Reason != e.String() {
			t.Fatalf("seed %d: no explanation: %+v\n%s", seed, part, render(ops))
		}
		small := Counterexamples(CASRegister(), ops, part, 0, checker.Options{})[0].object
		var kept []history.Operation
		for i := range small.items {
			kept = append(kept, *small.op(i))
		}
		if bruteForce(kept) {
			t.Fatalf("seed %d: %s\n%s\nof\n%s", seed, e.Sentence, e.Picture, render(ops))
		}
	}
}

// What nothing wrote is found without a search, though no other reduction helps.
func TestThinAirAmongRepeatedValues(t *testing.T) {
	ops := hard(60)
	last := &ops[len(ops)-1]
	last.Output = history.IntValue(-1)
	part := Linearizable(CASRegister(), ops, checker.Options{Timeout: time.Minute, Memory: 1 << 20})
	if part.Validity != checker.Invalid || part.Findings[0].Anomaly != thinAirRead {
		t.Errorf("%v: %s", part.Validity, part.Reason)
	}
}
