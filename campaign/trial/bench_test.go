package trial_test

import (
	"context"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/checker/opinion"
)

// The share of a default trial's time that the second opinion takes. It is to stay below 0.1:
//
//	go test -run '^$' -bench SecondOpinion ./campaign/trial
func BenchmarkSecondOpinion(b *testing.B) {
	var asking, all time.Duration
	for seed := range b.N {
		spec := trialtest.Default()
		spec.Seed = uint64(seed + 1)
		in, err := trial.Draw(spec, "")
		if err != nil {
			b.Fatal(err)
		}
		begin := time.Now()
		run, err := trial.Local{}.Run(context.Background(), in)
		if err != nil {
			b.Fatal(err)
		}
		all += time.Since(begin)
		ops, err := run.History.AllOperations()
		if err != nil {
			b.Fatal(err)
		}
		begin = time.Now()
		for _, part := range run.Verdict.Parts {
			if part.Opinion != nil {
				opinion.About(context.Background(), part, ops, checker.Options{}, time.Minute)
			}
		}
		asking += time.Since(begin)
	}
	b.ReportMetric(asking.Seconds()/all.Seconds(), "opinion/trial")
}
