package kindtest

import (
	"context"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/nemesis"
	"faultline/world"
)

// Spec is that of runs as the command line makes them, but shorter.
func Spec(system, mode string) world.Spec {
	return world.Spec{System: system, Mode: mode, TimeLimit: 20 * time.Second, Rate: 200, Concurrency: 10, Workload: "register",
		Nemesis: []string{"partition", "crash"}, Interval: 5 * time.Second, Clock: world.Virtual}
}

// Run runs one seed, with the faults that it draws.
func Run(t *testing.T, s world.Spec, seed uint64) *trial.Trial {
	t.Helper()
	return Scheduled(t, s, seed, "")
}

// Scheduled is Run with a schedule of faults that is given.
func Scheduled(t *testing.T, s world.Spec, seed uint64, schedule string) *trial.Trial {
	t.Helper()
	run, err := one(t.Context(), s, seed, schedule)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	return run
}

func one(ctx context.Context, s world.Spec, seed uint64, schedule string) (*trial.Trial, error) {
	s.Seed = seed
	in, err := trial.Draw(s, schedule)
	if err != nil {
		return nil, err
	}
	return trial.Local{}.Run(ctx, in)
}

// Valid checks that the runs of seeds 1 to n are valid.
func Valid(t *testing.T, s world.Spec, n uint64) {
	t.Helper()
	for seed := range n {
		if v := Run(t, s, seed+1).Verdict; v.Validity != checker.Valid {
			t.Errorf("%s %s, seed %d: %s", s.System, s.Mode, seed+1, v.Reason)
		}
	}
}

// Refuted checks that one of the runs of seeds 1 to n is invalid, as it is not linearizable, and that nothing else is wrong with any.
func Refuted(t *testing.T, s world.Spec, n uint64) {
	t.Helper()
	RefutedBy(t, s, checker.LinearizablePart, n)
}

// RefutedBy is Refuted by another part of the verdict.
func RefutedBy(t *testing.T, s world.Spec, by string, n uint64) {
	t.Helper()
	refuted := 0
	for seed := range n {
		for _, part := range Run(t, s, seed+1).Verdict.Parts {
			switch {
			case part.Validity == checker.Valid:
			case part.Name == by && part.Validity == checker.Invalid:
				refuted++
			default:
				t.Errorf("%s %s, seed %d: %s: %s", s.System, s.Mode, seed+1, part.Name, part.Reason)
			}
		}
	}
	if refuted == 0 {
		t.Errorf("%s %s: %s in all runs", s.System, s.Mode, by)
	}
}

// Found checks that one of the runs of seeds 1 to n with a bug is invalid.
func Found(t *testing.T, s world.Spec, bug string, n uint64) {
	t.Helper()
	s = s.Planted(bug)
	for seed := range n {
		if Run(t, s, seed+1).Verdict.Validity == checker.Invalid {
			return
		}
	}
	t.Errorf("the bug %s was not found in %d runs", bug, n)
}

// Repeats checks that a run is the same when it is made again, to the byte.
func Repeats(t *testing.T, s world.Spec, seed uint64) {
	t.Helper()
	if a, b := Run(t, s, seed), Run(t, s, seed); a.Digest != b.Digest {
		t.Errorf("%s %s: %v and %v", s.System, s.Mode, a.Digest, b.Digest)
	}
}

// Under is a spec with these families of faults, a fifth of the time each.
func Under(t *testing.T, s world.Spec, families string) world.Spec {
	t.Helper()
	s.Intensity = 0.2
	var err error
	if s.Nemesis, err = nemesis.ParseFamilies(families, s.Subject().Suffers); err != nil {
		t.Fatal(err)
	}
	return s
}

// Kept checks that no run of seeds 1 to n is invalid, nor unknown unless that may be, and logs how many are what.
func Kept(t *testing.T, s world.Spec, n uint64, unknownToo bool) {
	t.Helper()
	count := map[checker.Validity]int{}
	seeds := func(yield func(uint64) bool) {
		for i := range n {
			if !yield(i + 1) {
				return
			}
		}
	}
	err := trial.AsTheyEnd(t.Context(), trial.Pool{}.Size(), seeds,
		func(ctx context.Context, seed uint64) (*trial.Trial, error) { return one(ctx, s, seed, "") },
		func(r *trial.Trial) error {
			count[r.Verdict.Validity]++
			if v := r.Verdict.Validity; v == checker.Invalid || v == checker.Unknown && !unknownToo {
				t.Errorf("seed %d: %s", r.Seed, r.Verdict.Reason)
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d valid, %d invalid, %d unknown", count[checker.Valid], count[checker.Invalid], count[checker.Unknown])
}
