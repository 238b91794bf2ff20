package workloads

import (
	"reflect"
	"testing"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/history/historytest"
)

// What is asked of nodes as such is no operation on an object, be operations seen one by one or all at once.
func TestOnlyOperationsOnObjectsAreSeen(t *testing.T) {
	event := func(process int, typ history.Type, f string, v int64) history.Event {
		return history.Event{Process: process, Type: typ, F: f, Key: "k", Value: history.IntValue(v)}
	}
	events := []history.Event{event(0, history.Invoke, "write", 1), event(1, history.Invoke, ops.Compact, 10), event(0, history.OK, "write", 1),
		event(1, history.OK, ops.Compact, 10), event(2, history.Invoke, ops.Digest, 0), event(0, history.Invoke, "write", 2)}
	all, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	c := onlyObjects([]checker.Checker{linear.Checker(linear.CASRegister())})[0].(checker.Streamed)
	want := c.Check(t.Context(), checker.Input{Operations: all}, checker.Options{})
	pass := c.Begin(t.Context(), checker.Options{})
	got := pass.End(t.Context(), checker.Input{}, historytest.Play(t, events, pass.Add))
	if want.Validity != checker.Valid || want.Operations != 2 || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, and at once %+v", got, want)
	}
}
