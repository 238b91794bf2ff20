package linear

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// A pending dequeue may have taken what must be gone, if it was invoked in time.
func TestPendingDequeues(t *testing.T) {
	twoIn := []string{"0 invoke enqueue q 1", "0 ok enqueue q 1", "0 invoke enqueue q 2", "0 ok enqueue q 2"}
	pending := []string{"9 invoke dequeue q", "9 info dequeue q"}
	otherPending := []string{"8 invoke dequeue q", "8 info dequeue q"}
	oneIn, otherIn := twoIn[:2], twoIn[2:]
	second := []string{"1 invoke dequeue q", "1 ok dequeue q 2"}
	empty := []string{"2 invoke dequeue q", "2 ok dequeue q null"}
	for _, c := range []struct {
		name   string
		script [][]string
		want   checker.Validity
		stage  string
	}{
		{"none", [][]string{twoIn, second}, checker.Invalid, stageQueueOrder},
		{"in time", [][]string{twoIn, pending, second}, checker.Valid, stageQueueOrder},
		{"before anything was there", [][]string{pending, twoIn, second}, checker.Valid, stageQueueOrder},
		{"too late", [][]string{twoIn, second, pending}, checker.Invalid, stageQueueOrder},
		{"in time, and empty after", [][]string{twoIn, pending, second, empty}, checker.Valid, stageQueueOrder},
		{"one for two, and empty after", [][]string{twoIn, pending, empty}, checker.Invalid, stageQueueOrder},
		{"two for two, and empty after", [][]string{twoIn, pending, otherPending, empty}, checker.Valid, stageQueueOrder},
		{"empty between", [][]string{oneIn, pending, empty, otherIn, empty}, checker.Invalid, stageQueueOrder},
		{"too late for one that was empty", [][]string{twoIn, second, empty, pending}, checker.Invalid, stageQueueOrder},
	} {
		var lines []string
		for _, part := range c.script {
			lines = append(lines, part...)
		}
		events, err := parseScript(strings.Join(lines, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		ops, err := history.Operations(events)
		if err != nil {
			t.Fatal(err)
		}
		part := Linearizable(FIFOQueue(), ops, checker.Options{})
		if part.Validity != c.want || part.Stage != c.stage {
			t.Errorf("%s: %v by %s: %s", c.name, part.Validity, part.Stage, part.Reason)
		}
	}
}

// What found a queue empty is decided without a search, whatever pending dequeues may have taken.
func TestFoundEmptyByPendingDequeues(t *testing.T) {
	for i, o := range oracles()[:2] { // the queues
		t.Run(o.model.Name(), func(t *testing.T) {
			var answers [3]int
			for seed := range uint64(foundEmptyHistories) {
				ops := drawEmpty(rand.New(rand.NewPCG(seed, uint64(i))), 4+int(seed%6))
				want := validity(o.linearizable(ops))
				part := Linearizable(o.model, ops, checker.Options{})
				if part.Validity != want || part.Stage == stageSearch {
					t.Fatalf("seed %d: %v by %s, by definition %v\n%s", seed, part.Validity, part.Stage, want, render(ops))
				}
				answers[want]++
			}
			if t.Logf("%v", answers); min(answers[checker.Valid], answers[checker.Invalid]) < foundEmptyHistories/10 {
				t.Errorf("the histories are lopsided: %v", answers)
			}
		})
	}
}

const foundEmptyHistories = 2000

// drawEmpty draws a history of a queue, in which most dequeues are pending or found nothing. Of what comes out each was put in, mostly before.
func drawEmpty(rng *rand.Rand, length int) []history.Operation {
	var ops []history.Operation
	var open []int
	position, taken := int32(0), int64(0)
	for len(ops) < length || len(open) > 0 {
		if len(ops) < length && (len(open) == 0 || len(open) < 3 && rng.IntN(2) == 0) {
			op := history.Operation{Process: int32(len(ops)), F: "dequeue", Outcome: history.Info, Invoked: position, Returned: -1}
			if rng.IntN(2) == 0 {
				op.F, op.Input = "enqueue", history.IntValue(int64(len(ops)))
			}
			open, ops = append(open, len(ops)), append(ops, op)
		} else {
			at := rng.IntN(len(open))
			op := &ops[open[at]]
			open = slices.Delete(open, at, at+1)
			if op.F == "enqueue" && rng.IntN(8) > 0 || op.F == "dequeue" && rng.IntN(2) == 0 {
				op.Outcome, op.Returned = history.OK, position
			}
			if op.F == "dequeue" && op.Outcome == history.OK {
				op.Output = history.NilValue()
				if next := slices.IndexFunc(ops, func(p history.Operation) bool { v, ok := p.Input.Int(); return ok && v >= taken }); next >= 0 && rng.IntN(3) == 0 {
					op.Output, taken = ops[next].Input, int64(next)+1
				}
			}
		}
		position++
	}
	return ops
}
