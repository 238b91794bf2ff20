package campaign

import (
	"slices"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster/report"
	"faultline/results"
)

// The campaign's verdict is the merge of its runs', of which one that was never finished is unknown.
func TestMerge(t *testing.T) {
	const valid, invalid, unknown = checker.Valid, checker.Invalid, checker.Unknown
	tests := []struct {
		runs    []checker.Validity
		planned int
		want    checker.Validity
	}{
		{[]checker.Validity{valid, valid}, 2, valid},
		{[]checker.Validity{valid, valid}, 3, unknown},
		{[]checker.Validity{valid, unknown}, 2, unknown},
		{[]checker.Validity{unknown, invalid, valid}, 3, invalid},
		{[]checker.Validity{invalid}, 3, invalid},
		{nil, 1, unknown},
	}
	for _, tt := range tests {
		c := &Campaign{plan: Plan{Count: tt.planned}}
		for i, v := range tt.runs {
			c.lines = append(c.lines, results.Line{Seed: uint64(i), Verdict: v})
		}
		if o := c.outcome(time.Second, 0); o.Verdict != tt.want {
			t.Errorf("%v of %d are %v, not %v", tt.runs, tt.planned, o.Verdict, tt.want)
		}
	}
}

// Sums are over all runs and in order of the seeds; speed is that of the runs that were made now, on as many
// cores as they can have used.
func TestOutcome(t *testing.T) {
	c := &Campaign{plan: Plan{Count: 3}, pool: trial.Pool{Workers: 1}, lines: []results.Line{
		{Seed: 3, Verdict: checker.Valid, Virtual: time.Minute, Counters: []report.Counter{{Name: "elections", Value: 2}}},
		{Seed: 1, Verdict: checker.Valid, Virtual: time.Minute, Counters: []report.Counter{{Name: "elections", Value: 3}, {Name: "restarts", Value: 1}}},
		{Seed: 2, Verdict: checker.Valid, Virtual: time.Minute},
	}}
	o := c.outcome(2*time.Second, 1)
	if o.Workers != 1 || o.Virtual != time.Minute || o.Speed() != 30 {
		t.Errorf("%d workers, %v, speed %v", o.Workers, o.Virtual, o.Speed())
	}
	if want := []report.Counter{{Name: "elections", Value: 5}, {Name: "restarts", Value: 1}}; !slices.Equal(o.Counters, want) {
		t.Errorf("counters %v", o.Counters)
	}
	for i, l := range o.Lines {
		if l.Seed != uint64(i+1) {
			t.Errorf("line %d is of seed %d", i, l.Seed)
		}
	}
	if got := c.outcome(time.Second, 0).Speed(); got != 0 {
		t.Errorf("nothing was run, at speed %v", got)
	}
}
