package linear

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// A drain is as many dequeues as it returns elements, each at some time while it lasts.
func TestDrainsAgreeWithDefinition(t *testing.T) {
	o := oracles()[1]
	seen := map[checker.Validity]int{}
	for seed := range uint64(4_000) {
		rng := rand.New(rand.NewPCG(seed, 13))
		drained, dequeued := withDrain(drawModel(&o, seed, 4+int(seed%6)), rng)
		want := validity(o.linearizable(dequeued))
		seen[want]++
		part := Linearizable(o.model, drained, checker.Options{})
		if part.Validity != want {
			t.Fatalf("seed %d: %s says %v, by definition %v\n%s", seed, part.Stage, part.Validity, want, render(drained))
		}
		if got, _ := streamed(o.model, eventsOf(dense(drained)), 0); got.Validity != want {
			t.Fatalf("seed %d: a stream says %v, by definition %v\n%s", seed, got.Validity, want, render(drained))
		}
		if want == checker.Invalid && len(part.Findings[0].Operations) == 0 {
			t.Fatalf("seed %d: no explanation\n%s", seed, render(drained))
		}
	}
	if seen[checker.Valid] < 300 || seen[checker.Invalid] < 300 {
		t.Errorf("lopsided: %v", seen)
	}
}

// withDrain turns a dequeue into a drain that took out what other dequeues did too, and says the same with dequeues at its time.
func withDrain(ops []history.Operation, rng *rand.Rand) (drained, dequeued []history.Operation) {
	var takers []int
	for i := range ops {
		ops[i].Invoked, ops[i].Returned = 16*ops[i].Invoked, 16*ops[i].Returned
		if ops[i].F == "dequeue" && ops[i].Outcome == history.OK && ops[i].Output.Kind() == history.Int {
			takers = append(takers, i)
		}
	}
	if len(takers) == 0 {
		return ops, ops
	}
	drain, took, at := takers[rng.IntN(len(takers))], []history.Value(nil), int32(0)
	for i := range ops {
		op := ops[i]
		if in := i == drain || op.F == "dequeue" && op.Outcome == history.OK && op.Output.Kind() == history.Int && rng.IntN(2) == 0; !in {
			drained, dequeued = append(drained, op), append(dequeued, op)
			continue
		}
		took = append(took, op.Output)
		op.Invoked, op.Returned = ops[drain].Invoked+at, ops[drain].Returned-at
		at++
		dequeued = append(dequeued, op)
	}
	for i := range drained {
		if drained[i].Invoked > ops[drain].Invoked {
			op := ops[drain]
			op.F, op.Output = "drain", history.ListValue(took...)
			return append(append(append([]history.Operation(nil), drained[:i]...), op), drained[i:]...), dequeued
		}
	}
	op := ops[drain]
	op.F, op.Output = "drain", history.ListValue(took...)
	return append(drained, op), dequeued
}

// dense are operations with the positions 0, 1, 2, …
func dense(ops []history.Operation) []history.Operation {
	var all []int32
	for _, op := range ops {
		if all = append(all, op.Invoked); op.Returned >= 0 {
			all = append(all, op.Returned)
		}
	}
	slices.Sort(all)
	ops = slices.Clone(ops)
	for i := range ops {
		at, _ := slices.BinarySearch(all, ops[i].Invoked)
		ops[i].Invoked = int32(at)
		if ops[i].Returned >= 0 {
			at, _ = slices.BinarySearch(all, ops[i].Returned)
			ops[i].Returned = int32(at)
		}
	}
	return ops
}

// A drain that does not tell what it took out may have taken anything.
func TestDrainsThatTellNothing(t *testing.T) {
	for _, c := range []struct {
		op   history.Operation
		want checker.Validity
		says string
	}{
		{history.Operation{F: "drain", Outcome: history.Info, Returned: -1}, checker.Unknown, "may have taken anything"},
		{history.Operation{F: "drain", Outcome: history.OK, Output: history.TextValue("exhausted"), Returned: 1}, checker.Unknown, `returns "exhausted" in place of`},
		{history.Operation{F: "drain", Outcome: history.Fail, Returned: 1}, checker.Valid, ""},
		{history.Operation{F: "drain", Outcome: history.OK, Output: history.ListValue(), Returned: 1}, checker.Valid, ""},
		{history.Operation{F: "drain", Outcome: history.OK, Output: history.ListValue(history.IntValue(1)), Returned: 1}, checker.Invalid, "which nothing put there"},
	} {
		part := Linearizable(UnorderedQueue(), []history.Operation{c.op}, checker.Options{})
		if part.Validity != c.want || !strings.Contains(part.Reason, c.says) {
			t.Errorf("%v %v: %v: %s", c.op.Outcome, c.op.Output, part.Validity, part.Reason)
		}
	}
}
