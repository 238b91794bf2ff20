package linear

import (
	"fmt"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// agreement compares, on one history, every way to decide it.
type agreement struct {
	valid, invalid, direct int
}

func (a *agreement) check(m Model, want checker.Validity, ops []history.Operation) error {
	o, c := readAlone(&m, ops)
	if o.bad != nil {
		return o.bad
	}
	if a.valid++; want == checker.Invalid {
		a.valid--
		a.invalid++
	}
	q := o.asQuestion(c, checker.DefaultMemory)
	if got := q.porcupineSays(); got != want {
		return fmt.Errorf("porcupine says %v, by definition %v", got, want)
	}
	if got := searchAll(o, m.machine(o), checker.DefaultMemory); got != want {
		return fmt.Errorf("search says %v, by definition %v", got, want)
	}
	w := &windows{machine: m.machine(o), items: o.items, allowance: o.allowance, memory: checker.DefaultMemory}
	if got := w.decide(o.first()); got != want {
		return fmt.Errorf("search by windows says %v, by definition %v", got, want)
	}
	if m.direct != nil {
		if got := m.direct(o, c); got != checker.Unknown {
			a.direct++
			if got != want {
				return fmt.Errorf("%s says %v, by definition %v", m.stage, got, want)
			}
		}
	}
	part := Linearizable(m, ops, checker.Options{})
	if part.Validity != want {
		return fmt.Errorf("%s says %v, by definition %v", part.Stage, part.Validity, want)
	}
	if want == checker.Invalid && len(part.Findings[0].Operations) == 0 {
		return fmt.Errorf("there is no explanation")
	}
	return nil
}

// Every model's stages decide every small history as the definition does.
func TestModelsAgreeWithDefinition(t *testing.T) {
	for i, o := range oracles() {
		t.Run(fmt.Sprint(i, o.model.Name()), func(t *testing.T) {
			var a agreement
			for seed := range uint64(3_000) {
				ops := drawModel(&o, seed, 3+int(seed%7))
				if err := a.check(o.model, validity(o.linearizable(ops)), ops); err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, render(ops))
				}
			}
			t.Logf("%d valid, %d invalid, %d decided directly", a.valid, a.invalid, a.direct)
			if a.valid < 150 || a.invalid < 150 {
				t.Errorf("the histories are lopsided: %+v", a)
			}
		})
	}
}
