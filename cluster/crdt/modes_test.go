package crdt_test

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

// families are the workloads, each of which is for some of the types.
var families = []string{"crdt-set", "crdt-counter", "crdt-register", "crdt-map", "crdt-text", "crdt-tree"}

// spec is one of runs as the command line makes them, but shorter.
func spec(mode, workload string, limit time.Duration) world.Spec {
	return world.Spec{System: "crdt", Mode: mode, TimeLimit: limit, Rate: 200, Concurrency: 10, Workload: workload,
		Nemesis: []string{"partition", "crash"}, Interval: 2 * time.Second, Clock: world.Virtual}
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

// TestModesConverge: each type keeps its rules in one of the modes, and the long test looks at all.
func TestModesConverge(t *testing.T) {
	for i, family := range families {
		mode := []string{"state", "delta", "op"}[i%3]
		if v := run(t, spec(mode, family, 4*time.Second), uint64(i)+1).Verdict; v.Validity != checker.Valid {
			t.Errorf("%s, %s: %s", family, mode, v.Reason)
		}
	}
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) {
	s := spec("delta", "crdt-set", 4*time.Second)
	s.Bug = "removed-come-back"
	found := slices.ContainsFunc([]uint64{1, 2, 3}, func(seed uint64) bool { return run(t, s, seed).Verdict.Validity == checker.Invalid })
	if !found {
		t.Error("the canary was not found")
	}
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	s := spec("delta", "crdt-text", 4*time.Second)
	s.Nemesis = []string{"partition", "crash", "pause", "disk-slow"}
	if a, b := run(t, s, 7), run(t, s, 7); a.Digest != b.Digest {
		t.Errorf("%v and %v", a.Digest, b.Digest)
	}
}
