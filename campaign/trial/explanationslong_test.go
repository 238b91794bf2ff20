//go:build long

package trial

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"faultline/checker"
	"faultline/history"
	"faultline/world"
)

// TestExplanationsOfCampaigns: whatever goes wrong in runs of a cluster with a weak read level is explained by
// at most ten operations, of which porcupine says by itself, with a model as its users write it, that they
// have no order.
func TestExplanationsOfCampaigns(t *testing.T) {
	const seeds, most = 40, 10
	keys, sizes := 0, [most + 1]int{}
	for _, level := range []string{"stale", "leader"} {
		for _, hot := range []float64{0, 0.8} {
			spec := world.Spec{TimeLimit: time.Minute, Rate: 200, Concurrency: 10, Workload: "register",
				Nemesis: []string{"partition", "crash", "pause"}, Interval: 5 * time.Second, Clock: world.Virtual,
				Mode: level}
			spec.Options.HotKey = hot
			for spec.Seed = 1; spec.Seed <= seeds; spec.Seed++ {
				for _, k := range notValid(t, spec) {
					if k.Validity != checker.Invalid || len(k.Operations) == 0 || len(k.Operations) > most {
						t.Errorf("%s, hot key %v, seed %d, key %s: %v: %s", level, hot, spec.Seed, k.On, k.Validity, k)
						continue
					}
					keys++
					sizes[len(k.Operations)]++
				}
			}
		}
	}
	t.Logf("%d keys are invalid; explanations by number of operations: %v", keys, sizes)
	if keys < 100 {
		t.Error("that is too few to tell")
	}
}

// notValid runs a world and returns the keys on which something went wrong, after porcupine has confirmed them.
func notValid(t *testing.T, spec world.Spec) []checker.Finding {
	t.Helper()
	schedule, err := spec.Schedule()
	if err != nil {
		t.Fatal(err)
	}
	in := world.Input{Spec: spec, Schedule: schedule.String()}
	r, err := world.Run(context.Background(), in, world.Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	v, _, err := Judge(context.Background(), in, r, checker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	keys := v.Parts[0].Findings
	for _, k := range keys {
		if len(k.Operations) == 0 {
			continue
		}
		if got := porcupine.CheckOperationsTimeout(plainRegister(), part(t, r.History, k), time.Minute); got != porcupine.Illegal {
			t.Errorf("seed %d, key %s: porcupine says %s of\n%s", spec.Seed, k.On, got, k.Picture)
		}
	}
	return keys
}

// part is what shows a violation as a history of its own.
func part(t *testing.T, h *history.Tape, f checker.Finding) []porcupine.Operation {
	t.Helper()
	ops, err := h.AllOperations()
	if err != nil {
		t.Fatal(err)
	}
	byCall := map[int]*history.Operation{}
	for i := range ops {
		byCall[int(ops[i].Invoked)] = &ops[i]
	}
	var list []porcupine.Operation
	for _, i := range f.Operations {
		op := *byCall[i.Invoked]
		ret := int64(i.Returned)
		if i.Returned < 0 {
			ret, op.Outcome = math.MaxInt32, history.Info
		}
		if strings.HasPrefix(i.Text, "cas …") { // as the finding takes it: what it expected was left out
			_, next, _ := op.Input.Pair()
			op.F, op.Input = "write", history.IntValue(next)
		}
		list = append(list, porcupine.Operation{ClientId: i.Process, Input: &op, Call: int64(i.Invoked), Return: ret})
	}
	return list
}

// plainRegister is a register that holds null at first. What has not returned is taken to happen at the end at the
// latest, where nobody sees it.
func plainRegister() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return history.NilValue() },
		Step: func(state, input, _ any) (bool, any) {
			held, op := state.(history.Value), input.(*history.Operation)
			switch op.F {
			case "read":
				return op.Outcome == history.Info || op.Output.Equal(held), state
			case "write":
				return true, op.Input
			}
			expected, next, _ := op.Input.Pair()
			found := held.Equal(history.IntValue(expected))
			switch {
			case op.Outcome == history.Fail:
				return !found && (op.Output.Kind() == history.None || op.Output.Equal(held)), state
			case found:
				return true, history.IntValue(next)
			default:
				return op.Outcome == history.Info, state
			}
		},
		Equal: func(a, b any) bool { return a.(history.Value).Equal(b.(history.Value)) },
	}
}
