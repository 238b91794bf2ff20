package linear

import (
	"testing"

	"faultline/checker"
	"faultline/history"
)

const smallHistories = 40_000

func decide(ops []history.Operation) checker.Validity {
	part := Linearizable(CASRegister(), ops, checker.Options{})
	return part.Validity
}

func validity(linearizable bool) checker.Validity {
	if linearizable {
		return checker.Valid
	}
	return checker.Invalid
}

// The checker decides every small history as the definition does.
func TestAgreesWithDefinition(t *testing.T) {
	seen := map[checker.Validity]int{}
	for seed := range uint64(smallHistories) {
		ops := draw(seed)
		want := validity(bruteForce(ops))
		seen[want]++
		if got := decide(ops); got != want {
			t.Fatalf("seed %d: %v, by definition %v\n%s", seed, got, want, render(ops))
		}
	}
	if seen[checker.Valid] < smallHistories/6 || seen[checker.Invalid] < smallHistories/6 {
		t.Errorf("the histories are lopsided: %v", seen)
	}
}

// Each rule is needed: without it some small history is decided wrongly. The histories of the test
// above would show a checker that lacks one.
func TestEachRuleMatters(t *testing.T) {
	rules := []struct {
		name   string
		broken func(*history.Operation) (keep bool)
	}{
		{"an info write may have taken effect", func(op *history.Operation) bool {
			return op.F != "write" || op.Outcome != history.Info
		}},
		{"an info write may not have taken effect", func(op *history.Operation) bool {
			if op.F == "write" && op.Outcome == history.Info {
				returnNow(op)
			}
			return true
		}},
		{"an info cas may have taken effect", func(op *history.Operation) bool {
			return op.F != "cas" || op.Outcome != history.Info
		}},
		{"a failed cas saw the register", func(op *history.Operation) bool {
			return op.Reason() != history.PreconditionFailed
		}},
		{"a failed cas saw what it says", func(op *history.Operation) bool {
			if op.Reason() == history.PreconditionFailed {
				op.Output = history.Value{}
			}
			return true
		}},
		{"a failed write did nothing", func(op *history.Operation) bool {
			if op.F == "write" && op.Outcome == history.Fail {
				op.Outcome = history.OK
			}
			return true
		}},
		{"what returned came before what was invoked later", func(op *history.Operation) bool {
			op.Returned += 1
			return true
		}},
	}
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			for seed := range uint64(smallHistories) {
				ops := draw(seed)
				var changed []history.Operation
				for _, op := range ops {
					if rule.broken(&op) {
						changed = append(changed, op)
					}
				}
				if len(changed) > 0 && decide(changed) != validity(bruteForce(ops)) {
					return
				}
			}
			t.Error("no history noticed")
		})
	}
}

// returnNow turns a pending operation into one that returned ok when its client gave up.
func returnNow(op *history.Operation) { op.Outcome = history.OK }

// On histories that are too long for the definition, the stages agree with each other and with
// porcupine.
func TestStagesAgreeOnLongHistories(t *testing.T) {
	byZones := 0
	for seed := range uint64(3_000) {
		ops := drawLong(seed)
		m := CASRegister()
		o, c := readAlone(&m, ops)
		q := o.asQuestion(c, checker.DefaultMemory)
		want := q.porcupineSays()
		if got := searchAll(o, m.machine(o), checker.DefaultMemory); got != want {
			t.Fatalf("seed %d: search says %v, porcupine %v\n%s", seed, got, want, render(ops))
		}
		w := &windows{machine: m.machine(o), items: o.items, allowance: o.allowance, memory: checker.DefaultMemory}
		if got := w.decide(o.first()); got != want {
			t.Fatalf("seed %d: windows say %v, porcupine %v\n%s", seed, got, want, render(ops))
		}
		if got := decideZones(o, c); got != checker.Unknown {
			byZones++
			if got != want {
				t.Fatalf("seed %d: zones say %v, porcupine %v\n%s", seed, got, want, render(ops))
			}
		}
	}
	if byZones < 1_000 {
		t.Errorf("zones decided only %d", byZones)
	}
}
