package world

import (
	"context"
	"encoding/json"
	"testing"
)

// Whoever looks changes nothing: with its messages reported or without, a world has the same history, and all that is
// recorded of it is the same each time.
func TestATraceChangesNothing(t *testing.T) {
	for seed := range uint64(3) {
		in := Input{Spec: shortSpec(seed)}
		in.Spec.Nemesis = []string{"partition", "crash", "pause"}
		schedule, err := in.Spec.Schedule()
		if err != nil {
			t.Fatal(err)
		}
		in.Schedule = schedule.String()
		run := func(trace bool) *Result {
			in.Trace = trace
			r, err := Run(context.Background(), in, Bounds{})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		plain, first, second := run(false), run(true), run(true)
		if len(first.Report.Messages) == 0 || plain.Report.Messages != nil {
			t.Errorf("seed %d: %d messages with a trace, %d without", seed, len(first.Report.Messages), len(plain.Report.Messages))
		}
		if a, b := plain.History.Digest(), first.History.Digest(); a != b {
			t.Errorf("seed %d: with a trace it is %s and not %s", seed, b, a)
		}
		if text(t, first.Report) != text(t, second.Report) {
			t.Errorf("seed %d: two traces differ", seed)
		}
		first.Report.Messages = nil
		if text(t, first.Report) != text(t, plain.Report) {
			t.Errorf("seed %d: with a trace the report is another one", seed)
		}
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
