package effects_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/effects"
	"faultline/checker/internal/scripttest"
	"faultline/history"
)

// execution is what became of a log: what was sent to it, in its order, and the results that are there in the end, in theirs.
type execution struct {
	outcomes []history.Type // of the send of 1, 2, …; at the offsets 0, 1, …, those that failed too
	results  []int64        // values
}

// draw processes a log as a worker does that fails now and then, and spoils a few results.
func draw(t *rapid.T) (e execution) {
	for range rapid.IntRange(1, 6).Draw(t, "records") {
		e.outcomes = append(e.outcomes, rapid.SampledFrom([]history.Type{history.OK, history.OK, history.OK, history.Info, history.Fail}).Draw(t, "outcome"))
	}
	upTo := len(e.outcomes) - rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "left")
	for i, outcome := range e.outcomes[:upTo] {
		times := rapid.SampledFrom([]int{1, 1, 1, 0, 2}).Draw(t, "times")
		if outcome == history.Fail && times < 2 {
			continue
		}
		e.results = append(e.results, slices.Repeat([]int64{int64(i) + 1}, times)...)
	}
	if rapid.IntRange(0, 5).Draw(t, "invent") == 0 {
		e.results = append(e.results, 99)
	}
	return e
}

// history is the execution as clients saw it.
func (e execution) history() []history.Operation {
	var all []history.Operation
	add := func(op history.Operation) {
		op.Invoked, op.Returned = int32(2*len(all)), int32(2*len(all)+1)
		op.Process, op.Invoke, op.Return = int32(len(all)), 1, 2
		all = append(all, op)
	}
	pair := func(offset int, value int64) history.Value {
		return history.ListValue(history.IntValue(int64(offset)), history.IntValue(value))
	}
	for i, outcome := range e.outcomes {
		op := history.Operation{F: "send", Key: "in/1", Input: history.IntValue(int64(i) + 1), Outcome: outcome}
		if outcome == history.OK {
			op.Output = pair(i, int64(i)+1)
		}
		add(op)
	}
	add(history.Operation{F: "process", Key: "in", Input: history.TextValue("out"), Outcome: history.Info})
	var read []history.Value
	for i, v := range e.results {
		read = append(read, pair(i, v))
	}
	add(history.Operation{F: "fetch", Key: "out/1", Input: history.IntValue(0), Outcome: history.OK, Output: history.ListValue(read...)})
	add(history.Operation{F: "fetch", Key: "out/1", Input: history.IntValue(int64(len(read))), Outcome: history.OK, Output: history.ListValue()})
	return all
}

// definition says by counting which rules are broken.
func (e execution) definition() map[string]bool {
	count := func(v int) (n int) {
		for _, r := range e.results {
			if r == int64(v) {
				n++
			}
		}
		return n
	}
	broken := map[string]bool{}
	for i, outcome := range e.outcomes {
		n := count(i + 1)
		later := false
		for j := i + 1; j < len(e.outcomes); j++ {
			later = later || e.outcomes[j] == history.OK && count(j+1) > 0
		}
		switch {
		case outcome == history.Fail && n > 0:
			broken["invented"] = true
		case outcome == history.Fail:
		case n > 1:
			broken["doubled"] = true
		case outcome == history.OK && n == 0 && later:
			broken["lost"] = true
		case outcome == history.OK && n == 0:
			broken["unprocessed"] = true
		}
	}
	if count(99) > 0 {
		broken["invented"] = true
	}
	return broken
}

// The checker finds the rules that are broken by definition, and no others.
func TestAgreesWithTheDefinition(t *testing.T) {
	counts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t)
		part := effects.Checker().Check(t.Context(), checker.Input{Operations: e.history(), Ending: checker.Ending{Settled: 1}}, checker.Options{})
		found := map[string]bool{}
		for _, f := range part.Findings {
			found[f.Rule] = true
		}
		want := e.definition()
		if fmt.Sprint(found) != fmt.Sprint(want) {
			t.Fatalf("%+v: found %v, want %v\n%s", e, found, want, scripttest.Show(part))
		}
		for rule := range want {
			counts[rule]++
		}
	})
	t.Log(counts)
}
