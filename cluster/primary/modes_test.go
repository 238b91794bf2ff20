package primary_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	_ "faultline/cluster/kinds"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

// spec is one of runs as the command line makes them, but shorter.
func spec(mode string) world.Spec {
	return world.Spec{System: "primary", Mode: mode, TimeLimit: 20 * time.Second, Rate: 200, Concurrency: 10, Workload: "register",
		Nemesis: []string{"partition", "crash"}, Interval: 5 * time.Second, Clock: world.Virtual}
}

func run(t *testing.T, s world.Spec, seed uint64) *trial.Trial {
	t.Helper()
	s.Seed = seed
	in, err := trial.Draw(s, "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := trial.Local{}.Run(t.Context(), in)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	return r
}

// TestWeakModesAreRefuted: each loses what its design permits to lose, and nothing else is wrong with it.
func TestWeakModesAreRefuted(t *testing.T) {
	for _, mode := range []string{"sync", "semisync", "async"} {
		t.Run(mode, func(t *testing.T) {
			refuted := 0
			for seed := range uint64(4) {
				for _, part := range run(t, spec(mode), seed+1).Verdict.Parts {
					switch {
					case part.Validity == checker.Valid:
					case part.Name == checker.LinearizablePart && part.Validity == checker.Invalid:
						refuted++
					default:
						t.Errorf("seed %d: %s: %s", seed+1, part.Name, part.Reason)
					}
				}
			}
			if refuted == 0 {
				t.Error("it was linearizable in all runs")
			}
		})
	}
}

// TestWhatModesKeep: the fenced one is linearizable, and the others agree in the end.
func TestWhatModesKeep(t *testing.T) {
	for _, mode := range []string{"fenced", "sync", "semisync", "async"} {
		s := spec(mode)
		if mode != "fenced" {
			s.Options.ConsistencyModels = []string{"eventual"}
		}
		for seed := range uint64(2) {
			if v := run(t, s, seed+1).Verdict; v.Validity != checker.Valid {
				t.Errorf("%s, seed %d: %s", mode, seed+1, v.Reason)
			}
		}
	}
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) {
	s := spec("fenced")
	s.Bug = "silence-is-consent"
	found := slices.ContainsFunc([]uint64{1, 2, 3}, func(seed uint64) bool { return run(t, s, seed).Verdict.Validity == checker.Invalid })
	if !found {
		t.Error("the canary was not found")
	}
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	for _, mode := range []string{"fenced", "async"} {
		s := spec(mode)
		s.Nemesis = []string{"partition", "crash", "pause", "disk-slow"}
		if a, b := run(t, s, 7), run(t, s, 7); a.Digest != b.Digest {
			t.Errorf("%s: %v and %v", mode, a.Digest, b.Digest)
		}
	}
}
