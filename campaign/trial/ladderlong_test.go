//go:build long

package trial

import (
	"context"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/world"
)

// TestLadderOfCampaigns: how often each model is kept, broken and undecided in runs at weak read levels, and that what bounds
// time leaves nothing undecided.
func TestLadderOfCampaigns(t *testing.T) {
	const seeds = 40
	for _, level := range []string{"session", "bounded", "stale", "leader"} {
		answers, longest := map[string]map[checker.Validity]int{}, time.Duration(0)
		spec := world.Spec{TimeLimit: time.Minute, Rate: 200, Concurrency: 10, Workload: "register",
			Nemesis: []string{"partition", "crash", "pause"}, Interval: 5 * time.Second, Clock: world.Virtual,
			Mode: level}
		for spec.Seed = 1; spec.Seed <= seeds; spec.Seed++ {
			schedule, err := spec.Schedule()
			if err != nil {
				t.Fatal(err)
			}
			r, err := world.Run(context.Background(), world.Input{Spec: spec, Schedule: schedule.String()}, world.Bounds{})
			if err != nil {
				t.Fatal(err)
			}
			ops, err := r.History.AllOperations()
			if err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			for _, a := range ladder.Check(ops, ladder.Names(), ladder.Options{Settled: r.Settled}) {
				if answers[a.Model] == nil {
					answers[a.Model] = map[checker.Validity]int{}
				}
				if answers[a.Model][a.Validity]++; a.Validity == checker.Unknown && a.Model != ladder.Eventual {
					t.Errorf("%s, seed %d: %s is unknown: %s", level, spec.Seed, a.Model, a.Reason)
				}
			}
			longest = max(longest, time.Since(begin))
		}
		for _, model := range ladder.Names() {
			t.Logf("%-8s %-20s %3d not refuted, %3d broken, %d unknown", level, model,
				answers[model][checker.Valid], answers[model][checker.Invalid], answers[model][checker.Unknown])
		}
		t.Logf("%s: all models of a run took at most %v", level, longest.Round(time.Millisecond))
	}
}
