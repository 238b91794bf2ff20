//go:build long

package trial_test

import (
	"context"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/campaign/trial"
	"faultline/world"
)

// Every one of many seeds gives the same bytes each time, on every core at once. A race at start-up that reaches into the worlds of one
// seed in hundreds shows here and nowhere else:
//
//	go test -tags long -run ManySeeds -timeout 60m ./campaign/trial
func TestManySeedsGiveTheSameBytes(t *testing.T) {
	const seeds, rounds = 300, 4
	first := map[uint64]string{}
	inputs := func(yield func(world.Input) bool) {
		for range rounds {
			for seed := range uint64(seeds) {
				spec := trialtest.Default()
				spec.Seed, spec.TimeLimit, spec.Interval = seed, 6*time.Second, time.Second
				in, err := trial.Draw(spec, "")
				if err != nil {
					t.Error(err)
				}
				if err != nil || !yield(in) {
					return
				}
			}
		}
	}
	err := trial.InOrder(context.Background(), trialtest.Pool(0).Size(), inputs, trial.Local{}.Run, func(run *trial.Trial) error {
		if run.History.Header.Replay != world.ReplayExact {
			t.Skip("worlds cannot be pinned here")
		}
		digest := run.History.Digest()
		if was, known := first[run.Seed]; known && was != digest {
			t.Errorf("seed %d gave %.16s and %.16s", run.Seed, was, digest)
		}
		first[run.Seed] = digest
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
