package views_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/views"
	"faultline/cluster/ops"
	"faultline/history"
)

// execution is a log of changes, the updates that have made them, and what views showed.
type execution struct {
	log         []ops.Change
	updates     []update
	early, last []ops.Derived
	waited      bool // the last looks were a minute after everything was healed
}

// update is one, and at which offset it was acknowledged if it was.
type update struct {
	ops.Change
	outcome history.Type
	offset  int
}

// fold is what the first n changes make of nothing.
func (e execution) fold(n int) ops.Derived {
	d := ops.Derived{Applied: int64(n), Values: map[string]history.Value{}}
	for _, c := range e.log[:n] {
		d.Values[c.Key] = c.Value
	}
	return d
}

// draw makes an execution that is as it should be, and spoils a little of it.
func draw(t *rapid.T) (e execution) {
	for i := range rapid.IntRange(1, 6).Draw(t, "changes") {
		e.log = append(e.log, ops.Change{Key: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"), Value: history.IntValue(int64(i) + 1)})
		outcome := rapid.SampledFrom([]history.Type{history.OK, history.Info}).Draw(t, "outcome")
		e.updates = append(e.updates, update{e.log[i], outcome, i})
	}
	for range rapid.IntRange(0, 3).Draw(t, "looks") {
		e.early = append(e.early, e.fold(rapid.IntRange(0, len(e.log)).Draw(t, "applied")))
	}
	for range rapid.IntRange(1, 3).Draw(t, "last looks") {
		e.last = append(e.last, e.fold(len(e.log)))
	}
	e.waited = rapid.Bool().Draw(t, "waited")
	switch spoiled := e.last[0]; rapid.IntRange(0, 6).Draw(t, "spoil") {
	case 0:
		spoiled.Values["a"] = history.IntValue(99)
	case 1:
		delete(spoiled.Values, "b")
	case 2:
		e.last[0] = e.fold(rapid.IntRange(0, len(e.log)).Draw(t, "behind"))
	case 3:
		e.updates[0].Value = history.IntValue(77)
	case 4:
		e.updates[0].outcome = history.Fail
	}
	return e
}

// history is the execution as clients saw it.
func (e execution) history() []history.Operation {
	var all []history.Operation
	add := func(f, key string, at int, input, output history.Value) *history.Operation {
		n := int32(len(all))
		op := history.Operation{F: f, Key: key, Process: n, Invoked: 2 * n, Returned: 2*n + 1, Outcome: history.OK, Input: input, Output: output}
		op.Invoke, op.Return = 1, 1
		if at > 0 {
			op.Invoke, op.Return = settled, settled+time.Second
			if e.waited {
				op.Return = settled + time.Minute
			}
		}
		all = append(all, op)
		return &all[n]
	}
	for _, u := range e.updates {
		add(ops.UpdateViews, u.Key, 0, u.Value, ops.Record{Offset: int64(u.offset), Value: u.Encode()}.Encode()).Outcome = u.outcome
	}
	for _, d := range e.early {
		add(ops.View, "index", 0, history.Value{}, d.Encode())
	}
	var records []ops.Record
	for i, c := range e.log {
		records = append(records, ops.Record{Offset: int64(i), Value: c.Encode()})
	}
	add(ops.Fetch, ops.Updates, 1, history.IntValue(0), ops.EncodeRecords(records))
	for _, d := range e.last {
		add(ops.View, "index", 1, history.Value{}, d.Encode())
	}
	return all
}

// settled is when everything is healed.
const settled = 50 * time.Second

// definition says which rules are broken, and of which it is not known.
func (e execution) definition() map[string]bool {
	broken := map[string]bool{}
	for _, d := range append(e.early, e.last...) {
		if d.Encode().String() != e.fold(int(d.Applied)).Encode().String() {
			broken["prefix invalid"] = true
		}
	}
	for _, u := range e.updates {
		if u.outcome == history.OK && e.log[u.offset] != u.Change {
			broken["durable invalid"] = true
		}
	}
	for _, c := range e.log {
		if !slices.ContainsFunc(e.updates, func(u update) bool { return u.Change == c && u.outcome != history.Fail }) {
			broken["sound invalid"] = true
		}
	}
	most := slices.MaxFunc(e.last, func(a, b ops.Derived) int { return int(a.Applied - b.Applied) })
	for _, d := range e.last {
		behind := d.Applied < most.Applied && !e.waited
		d.Applied = most.Applied
		switch {
		case d.Encode().String() == most.Encode().String():
		case behind:
			broken["agreed unknown"] = true
		default:
			broken["agreed invalid"] = true
		}
	}
	return broken
}

// The checker finds the rules that are broken by definition, and no others.
func TestAgreesWithTheDefinition(t *testing.T) {
	counts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t)
		part := views.Checker().Check(t.Context(), checker.Input{Operations: e.history(), Ending: checker.Ending{Settled: settled}}, checker.Options{})
		found := map[string]bool{}
		for _, f := range part.Findings {
			found[f.Rule+" "+f.Validity.String()] = true
		}
		want := e.definition()
		if valid := len(want) == 0 && len(e.last) > 1; valid != (part.Validity == checker.Valid) {
			t.Fatalf("%+v: %s", e, scripttest.Show(part))
		}
		if fmt.Sprint(found) != fmt.Sprint(want) {
			t.Fatalf("%+v: found %v, want %v\n%s", e, found, want, scripttest.Show(part))
		}
		for rule := range want {
			counts[rule]++
		}
	})
	t.Log(counts)
}
