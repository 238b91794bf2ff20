package txn_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/checker/txn/models"
	"faultline/history"
)

// The verdict about serializability is the same as that of trying every order of the transactions, for lists and registers.
func TestSerializabilityAgreesWithTheDefinition(t *testing.T) {
	const histories = 400
	for _, model := range []string{models.Serializable, models.StrongSessionSerializable, models.StrictSerializable} {
		for _, lists := range []bool{true, false} {
			t.Run(fmt.Sprint(model, lists), func(t *testing.T) {
				var seen [3]int
				for seed := range uint64(histories) {
					d := &drawnStore{random: rand.New(rand.NewPCG(seed, 16)), lists: lists}
					ops := d.history()
					check := txn.RWRegister(model)
					if lists {
						check = txn.ListAppend(model)
					}
					part := check.Check(t.Context(), checker.Input{Operations: ops}, checker.Options{})
					want := checker.Invalid
					if (&serial{ops: ops, model: model, state: map[string]history.Value{}, done: make([]bool, len(ops))}).possible() {
						want = checker.Valid
					}
					if seen[want]++; part.Validity != want {
						t.Fatalf("seed %d: %v, and trying every order says %v: %s\n%s", seed, part.Validity, want, part.Reason, show(ops))
					}
				}
				if seen[checker.Valid] < histories/10 || seen[checker.Invalid] < histories/10 {
					t.Errorf("of %d histories %d are valid and %d invalid: one of both is hardly tested", histories, seen[checker.Valid], seen[checker.Invalid])
				}
			})
		}
	}
}

// drawnStore makes small histories: transactions take effect one after the other, at once or late, and now and then a read is of another
// version than it should be.
type drawnStore struct {
	random *rand.Rand
	lists  bool
	now    int32
	state  map[string]history.Value
	older  map[string][]history.Value
	next   int64
}

func (d *drawnStore) history() []history.Operation {
	d.state, d.older = map[string]history.Value{}, map[string][]history.Value{}
	var ops []history.Operation
	open := map[int32]int{}
	for len(ops) < 6 || len(open) > 0 {
		process := d.random.Int32N(3)
		i, busy := open[process]
		d.now++
		switch {
		case !busy && len(ops) < 6:
			open[process] = len(ops)
			ops = append(ops, history.Operation{F: "txn", Process: process, Input: d.transaction(), Outcome: history.Info, Invoked: d.now, Returned: -1})
		case busy:
			delete(open, process)
			d.complete(&ops[i])
		}
	}
	return ops
}

func (d *drawnStore) transaction() history.Value {
	var steps []history.Value
	for range 1 + d.random.IntN(3) {
		key := history.TextValue([]string{"x", "y"}[d.random.IntN(2)])
		if d.random.IntN(2) == 0 {
			steps = append(steps, history.ListValue(history.TextValue("r"), key, history.NilValue()))
			continue
		}
		d.next++
		name := "w"
		if d.lists {
			name = "append"
		}
		steps = append(steps, history.ListValue(history.TextValue(name), key, history.IntValue(d.next)))
	}
	return history.ListValue(steps...)
}

// complete has a transaction take effect, and answers it. What fails has no effect, and what has an unknown outcome may have one.
func (d *drawnStore) complete(op *history.Operation) {
	op.Outcome = []history.Type{history.OK, history.OK, history.OK, history.OK, history.OK, history.Fail, history.Info}[d.random.IntN(7)]
	if op.Outcome != history.Info {
		op.Returned = d.now
	}
	if op.Outcome == history.Fail || op.Outcome == history.Info && d.random.IntN(2) == 0 {
		return
	}
	var answer []history.Value
	for step := range op.Input.Elements {
		key := step.At(1).Word()
		if step.At(0).Word() != "r" {
			d.older[key] = append(d.older[key], d.state[key])
			d.state[key] = applied(d.state[key], step)
			answer = append(answer, step)
			continue
		}
		answer = append(answer, history.ListValue(step.At(0), step.At(1), d.version(key)))
	}
	if op.Outcome == history.OK {
		op.Output = history.ListValue(answer...)
	}
}

// version is what a read finds: mostly the latest.
func (d *drawnStore) version(key string) history.Value {
	v := d.state[key]
	if older := d.older[key]; len(older) > 0 && d.random.IntN(5) == 0 {
		v = older[d.random.IntN(len(older))]
	}
	if v.Kind() == history.None {
		return history.NilValue()
	}
	return v
}

// applied is a key after a write or an append.
func applied(v, step history.Value) history.Value {
	if step.At(0).Word() == "w" {
		return step.At(2)
	}
	var elements []history.Value
	for e := range v.Elements {
		elements = append(elements, e)
	}
	return history.ListValue(append(elements, step.At(2))...)
}

// serial tries every order of transactions, one after the other.
type serial struct {
	ops   []history.Operation
	model string
	state map[string]history.Value
	done  []bool
}

// possible reports whether what is left can take effect in some order. What failed never does, and what has an unknown outcome need not.
func (s *serial) possible() bool {
	if s.finished() {
		return true
	}
	for i := range s.ops {
		if s.done[i] || s.ops[i].Outcome == history.Fail || s.waits(i) {
			continue
		}
		before := s.state
		s.done[i] = true
		if state, ok := s.run(&s.ops[i]); ok {
			s.state = state
			if s.possible() {
				return true
			}
		}
		s.state, s.done[i] = before, false
	}
	return false
}

func (s *serial) finished() bool {
	for i := range s.ops {
		if !s.done[i] && s.ops[i].Outcome == history.OK {
			return false
		}
	}
	return true
}

// waits reports whether another transaction has to come first by the model.
func (s *serial) waits(i int) bool {
	for k := range s.ops {
		before := s.ops[k].Returned >= 0 && s.ops[k].Returned < s.ops[i].Invoked && !s.done[k] && s.ops[k].Outcome == history.OK
		if before && (s.model == models.StrictSerializable || s.model == models.StrongSessionSerializable && s.ops[k].Process == s.ops[i].Process) {
			return true
		}
	}
	return false
}

// run does a transaction, and reports whether its reads are right.
func (s *serial) run(op *history.Operation) (map[string]history.Value, bool) {
	state := map[string]history.Value{}
	for k, v := range s.state {
		state[k] = v
	}
	steps := op.Input
	if op.Outcome == history.OK {
		steps = op.Output
	}
	for step := range steps.Elements {
		key := step.At(1).Word()
		if step.At(0).Word() != "r" {
			state[key] = applied(state[key], step)
		} else if v := state[key]; op.Outcome == history.OK && !v.Equal(step.At(2)) && !(v.Kind() == history.None && step.At(2).Kind() == history.Nil) {
			return nil, false
		}
	}
	return state, true
}

func show(ops []history.Operation) string {
	var b strings.Builder
	for i := range ops {
		op := &ops[i]
		fmt.Fprintf(&b, "%d-%d  process %d  %v  %v %v\n", op.Invoked, op.Returned, op.Process, op.Input, op.Outcome, op.Output)
	}
	return b.String()
}
