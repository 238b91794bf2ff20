package linear

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// shownAlone are the operations of a finding as a history of their own, made of what the finding says and nothing else.
func shownAlone(t *testing.T, ops []history.Operation, f checker.Finding) []history.Operation {
	t.Helper()
	var all []history.Operation
	for _, o := range f.Operations {
		found := false
		for _, op := range ops {
			if int(op.Invoked) != o.Invoked || op.Key != f.On {
				continue
			}
			found = true
			if o.Returned < 0 {
				op.Outcome, op.Output = history.Info, history.Value{}
			}
			if _, next, ok := twoValues(op.Input); ok && o.Write {
				op.F, op.Input, op.Output = "write", next, history.Value{}
			}
			all = append(all, op)
		}
		if !found {
			t.Errorf("no operation on %q was invoked at %d", f.On, o.Invoked)
		}
	}
	return all
}

// heldBefore are the values of which a finding says that the object held one.
func heldBefore(t *testing.T, f checker.Finding) []history.Value {
	t.Helper()
	if len(f.Held) == 0 {
		return []history.Value{history.NilValue()}
	}
	var all []history.Value
	for _, text := range f.Held {
		if text == "null" {
			text = "nil"
		}
		value, err := history.ParseEDN(text)
		if err != nil {
			t.Errorf("held %s: %v", text, err)
		}
		all = append(all, value)
	}
	return all
}

// sound checks each explanation of a part by the definition.
func sound(t *testing.T, ops []history.Operation, part checker.Part, linearizable func([]history.Operation, history.Value) bool) (explained int) {
	t.Helper()
	for _, f := range part.Findings {
		few := shownAlone(t, ops, f)
		if len(few) == 0 {
			t.Errorf("no explanation: %s\n%s", f, render(ops))
		}
		for _, held := range heldBefore(t, f) {
			if linearizable(few, held) {
				t.Errorf("linearizable by itself, from %v: %s\n%sof\n%s", held, f, render(few), render(ops))
			}
		}
		explained++
	}
	return explained
}

// What explains that registers are not linearizable is not linearizable by itself: in memory, and in a stream that forgets what it can and
// says what was held before.
func TestExplanationsOfRegistersAreSound(t *testing.T) {
	explained, forgetful := 0, 0
	for seed := range uint64(20_000) {
		rng := rand.New(rand.NewPCG(seed, 19))
		s := simulation{
			rng: rng, keys: []string{"x", "y"}, processes: 1 + rng.IntN(4), length: 4 + rng.IntN(12), values: 1 + rng.IntN(4),
			unique: rng.IntN(3) == 0, blind: rng.IntN(3) == 0, spoil: 1 + rng.IntN(3),
		}
		events := s.run()
		ops, err := history.Operations(events)
		if err != nil {
			t.Fatal(err)
		}
		explained += sound(t, ops, Linearizable(CASRegister(), ops, checker.Options{}), registerFrom)
		part, _ := streamed(CASRegister(), events, 0)
		sound(t, ops, part, registerFrom)
		for _, f := range part.Findings {
			if len(f.Held) > 0 {
				forgetful++
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d explained, %d by a stream that had forgotten what came before", explained, forgetful)
	if explained < 5_000 || forgetful < 500 {
		t.Errorf("only %d were explained, %d of them with what was held before", explained, forgetful)
	}
}

// registerFrom decides by trying every order.
func registerFrom(ops []history.Operation, held history.Value) bool {
	return bruteForceOrder(ops, held, byPosition)
}

// The same for every other model.
func TestExplanationsOfModelsAreSound(t *testing.T) {
	for i, o := range oracles() {
		t.Run(fmt.Sprint(i, o.model.Name()), func(t *testing.T) {
			linearizable := func(ops []history.Operation, held history.Value) bool {
				from := o
				if text, ok := held.Text(); ok {
					from.start = nil
					for _, letter := range text {
						from.start = append(from.start, int64(letter-'a'))
					}
				}
				return from.linearizable(ops)
			}
			explained := 0
			for seed := range uint64(3_000) {
				ops := drawModel(&o, 500_000+seed, 3+int(seed%8))
				explained += sound(t, ops, Linearizable(o.model, ops, checker.Options{}), linearizable)
				part, _ := streamed(o.model, eventsOf(ops), 0)
				sound(t, ops, part, linearizable)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
			if explained < 150 {
				t.Errorf("only %d were explained", explained)
			}
		})
	}
}
