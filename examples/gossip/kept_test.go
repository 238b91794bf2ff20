package gossip

import (
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

func TestKept(t *testing.T) {
	const settled = 10 * time.Second
	add := func(e int64, outcome history.Type) history.Operation {
		return history.Operation{F: "add", Outcome: outcome, Input: history.IntValue(e)}
	}
	read := func(at time.Duration, elements ...int64) history.Operation {
		var values []history.Value
		for _, e := range elements {
			values = append(values, history.IntValue(e))
		}
		return history.Operation{F: "read", Outcome: history.OK, Invoke: at, Output: history.SetValue(values...)}
	}
	for _, test := range []struct {
		name string
		ops  []history.Operation
		want checker.Validity
	}{
		{"all is there", []history.Operation{add(1, history.OK), add(2, history.OK), read(settled, 1, 2)}, checker.Valid},
		{"what nobody knows of may be there or not", []history.Operation{add(1, history.Info), add(2, history.Info), read(settled, 2)}, checker.Valid},
		{"one is lost", []history.Operation{add(1, history.OK), add(2, history.OK), read(settled, 1)}, checker.Invalid},
		{"one is made up", []history.Operation{add(1, history.OK), read(settled, 1, 3)}, checker.Invalid},
		{"too early", []history.Operation{add(1, history.OK), read(settled-1, 1)}, checker.Unknown},
	} {
		for i := range test.ops {
			test.ops[i].Invoked, test.ops[i].Returned = int32(2*i), int32(2*i+1)
		}
		in := checker.Input{Operations: test.ops, Ending: checker.Ending{Settled: settled}}
		if part := (kept{}).Check(t.Context(), in, checker.Options{}); part.Validity != test.want {
			t.Errorf("%s: %v, want %v: %s", test.name, part.Validity, test.want, part.Reason)
		}
	}
}
