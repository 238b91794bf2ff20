package ladder

import (
	"testing"

	"faultline/checker"
	"faultline/history"
)

// A history of keys that begin with a value is of the same models as the one in which that value is null.
func TestInitialValues(t *testing.T) {
	const first = 1_000_000
	begin := func(v history.Value) history.Value {
		if v.Kind() == history.Nil {
			return history.IntValue(first)
		}
		return v
	}
	valid := 0
	for seed := range uint64(1_500) {
		ops := draw(seed, 3+int(seed%8)).operations()
		want := Check(ops, Names(), Options{Settled: 1})
		for i := range ops {
			o := &ops[i]
			o.Input, o.Output = begin(o.Input), begin(o.Output)
			if pair, ok := o.Input.List(); ok {
				o.Input = history.ListValue(begin(pair[0]), begin(pair[1]))
			}
		}
		got := Check(ops, Names(), Options{Settled: 1, Initial: checker.InitialValue(history.IntValue(first))})
		for i := range got {
			if got[i].Validity != want[i].Validity {
				t.Fatalf("seed %d: %s is %v (%s), beginning with null %v (%s)\n%s", seed, got[i].Model, got[i].Validity, got[i].Reason,
					want[i].Validity, want[i].Reason, render(ops))
			}
			if got[i].Validity == checker.Valid {
				valid++
			}
		}
	}
	if valid < 1_000 {
		t.Errorf("only %d verdicts are valid", valid)
	}
}

// A hint at what keys held at first is true, and there is one where that is all that is wrong.
func TestInitialHints(t *testing.T) {
	begin := func(v history.Value) history.Value {
		if v.Kind() == history.Nil {
			return history.IntValue(1_000_000)
		}
		return v
	}
	hints := 0
	for seed := range uint64(600) {
		ops := draw(seed, 3+int(seed%8)).operations()
		for i := range ops {
			o := &ops[i]
			o.Input, o.Output = begin(o.Input), begin(o.Output)
			if pair, ok := o.Input.List(); ok {
				o.Input = history.ListValue(begin(pair[0]), begin(pair[1]))
			}
		}
		for _, r := range Check(ops, []string{Sequential, Causal, PRAM}, Options{}) {
			if r.Violation == nil || r.Violation.Initial == "" {
				continue
			}
			hints++
			initial, err := checker.ParseInitial(r.Violation.Initial)
			if err != nil {
				t.Fatal(err)
			}
			if again := Check(ops, []string{r.Model}, Options{Initial: initial})[0]; again.Validity != checker.Valid {
				t.Fatalf("seed %d: with %s %s is %v: %s\n%s", seed, r.Violation.Initial, r.Model, again.Validity, again.Reason, render(ops))
			}
		}
	}
	if hints < 100 {
		t.Errorf("only %d hints", hints)
	}
}

// A hint is about the model that it stands with, though its violation may be that of a weaker one.
func TestAHintIsAboutItsModel(t *testing.T) {
	ops := []history.Operation{
		{F: "write", Input: history.IntValue(1), Outcome: history.OK, Invoked: 0, Returned: 1},
		{F: "read", Output: history.IntValue(2), Outcome: history.OK, Invoked: 2, Returned: 3},
	}
	for _, r := range Check(ops, []string{BoundedStaleness, ConsistentPrefix}, Options{}) {
		hinted := r.Violation != nil && r.Violation.Initial != ""
		if want := r.Model == ConsistentPrefix; r.Validity != checker.Invalid || hinted != want {
			t.Errorf("%s is %v (%s), hinted %v; without times only %s is kept by another beginning", r.Model, r.Validity, r.Reason, hinted, ConsistentPrefix)
		}
	}
}
