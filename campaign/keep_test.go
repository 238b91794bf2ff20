package campaign

import (
	"testing"

	"faultline/checker"
	"faultline/results"
)

// Of runs that are not valid the first few for each rule keep their files, also when a campaign is resumed; of valid ones those
// of the first seeds.
func TestWhatIsKept(t *testing.T) {
	c := &Campaign{plan: quickPlan(100)}
	c.plan.Keep, c.plan.KeepInvalid = 1, 2
	c.keeping.count([]results.Line{{Seed: 1, Verdict: checker.Invalid, Rule: "stale read", Dir: "kept"}, {Seed: 2, Verdict: checker.Invalid, Rule: "stale read"}})
	for _, tt := range []struct {
		line results.Line
		want bool
	}{
		{results.Line{Seed: 9, Verdict: checker.Invalid, Rule: "stale read"}, true},
		{results.Line{Seed: 3, Verdict: checker.Invalid, Rule: "stale read"}, false},
		{results.Line{Seed: 4, Verdict: checker.Invalid, Rule: "lost write"}, true},
		{results.Line{Seed: 5, Verdict: checker.Unknown, Rule: "stale read"}, true},
		{results.Line{Seed: 10, Rule: checker.DisputeKind}, true},
		{results.Line{Seed: 11, Rule: checker.DisputeKind}, true},
		{results.Line{Seed: 12, Rule: checker.DisputeKind}, true},
		{results.Line{Seed: c.plan.Spec.Seed, Verdict: checker.Valid}, true},
		{results.Line{Seed: c.plan.Spec.Seed + 1, Verdict: checker.Valid}, false},
	} {
		if got := c.keep(tt.line); got != tt.want {
			t.Errorf("%+v: %v", tt.line, got)
		}
	}
	if c.plan.KeepInvalid = 0; !c.keep(results.Line{Seed: 6, Verdict: checker.Invalid, Rule: "stale read"}) {
		t.Error("a plan without a bound keeps all")
	}
}
