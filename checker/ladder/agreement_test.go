package ladder

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
)

// agreement counts how often a model's checker and its definition said what.
type agreement struct{ valid, invalid int }

// compare asks both. The checker is asked twice: as it is, and without the order that the system proposes.
func (a *agreement) compare(model string, ops []history.Operation) error {
	want := definitions[model](bruteOf(ops))
	for _, guess := range []bool{true, false} {
		c := newCheck(ops, Options{Timeout: time.Minute}.withDefaults())
		if !guess {
			no := false
			c.explained = &no
		}
		got := c.decide(model)
		if (got.Validity == checker.Valid) != want || got.Validity == checker.Unknown {
			return fmt.Errorf("%s: %v (%s), by definition %v", model, got.Validity, got.Reason, want)
		}
		if got.Validity == checker.Invalid && guess {
			if err := confirm(model, ops, got.Violation); err != nil {
				return fmt.Errorf("%s: %w", model, err)
			}
		}
	}
	if want {
		a.valid++
	} else {
		a.invalid++
	}
	return nil
}

// confirm has the definition say that the operations of a violation break the model by themselves.
func confirm(model string, ops []history.Operation, w *checker.Finding) error {
	part := shown(ops, w)
	if len(part) != len(w.Operations) || definitions[model](bruteOf(part)) {
		return fmt.Errorf("by definition these are nothing wrong:\n%s\n%s", w.Sentence, w.Picture)
	}
	return nil
}

// shown are the operations of a violation, as it shows them.
func shown(ops []history.Operation, w *checker.Finding) []history.Operation {
	var part []history.Operation
	for _, o := range ops {
		for _, i := range w.Operations {
			if i.Invoked != int(o.Invoked) {
				continue
			}
			if strings.Contains(i.Text, "cas …") { // it is taken for a write
				pair, _ := o.Input.List()
				o.F, o.Input = "write", pair[1]
			}
			part = append(part, o)
		}
	}
	return part
}

func agree(t *testing.T, model string, begin, count uint64) {
	t.Helper()
	var a agreement
	for seed := begin; seed < begin+count; seed++ {
		ops := draw(seed, 3+int(seed%8)).operations()
		if err := a.compare(model, ops); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, render(ops))
		}
	}
	t.Logf("%d valid, %d invalid", a.valid, a.invalid)
}

// TestLadderAgreementQuick: each checker decides small histories as the definition does, and its violations are
// violations by definition too.
func TestLadderAgreementQuick(t *testing.T) {
	for _, model := range slices.Sorted(maps.Keys(definitions)) {
		t.Run(model, func(t *testing.T) { agree(t, model, 0, 1_500) })
	}
}

func render(ops []history.Operation) string {
	var b strings.Builder
	for _, o := range ops {
		fmt.Fprintf(&b, "  [%d, %d] process %d %s: %s %v %s\n", o.Invoked, o.Returned, o.Process, o.Key, linear.Describe(&o), o.Outcome, o.Reason())
	}
	return b.String()
}
