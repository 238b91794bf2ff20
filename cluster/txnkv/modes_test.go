package txnkv_test

import (
	"os"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	_ "faultline/cluster/kinds"
	"faultline/cluster/txnkv"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

// spec is one of runs as the command line makes them, but shorter.
func spec(mode string) world.Spec {
	return world.Spec{System: "txnkv", Mode: mode, TimeLimit: 6 * time.Second, Rate: 200, Concurrency: 10, Workload: "list-append",
		Nemesis: []string{"partition", "crash"}, Interval: 3 * time.Second, Clock: world.Virtual}
}

// sharded has a spec with two shards of three nodes.
func sharded(s world.Spec) world.Spec {
	c := txnkv.Config{Shards: 2}.WithDefaults()
	s.Nodes, s.Config = 6, &c
	return s
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

// TestRunsRepeat, to the byte, also where shards agree.
func TestRunsRepeat(t *testing.T) {
	for _, mode := range []string{"commit-wait", "snapshot-isolation"} {
		s := sharded(spec(mode))
		s.Nemesis = []string{"partition", "crash", "pause"}
		a, b := run(t, s, 7), run(t, s, 7)
		if a.Digest != b.Digest {
			t.Errorf("%s: %v and %v", mode, a.Digest, b.Digest)
		}
		if a.Verdict.Validity != checker.Valid {
			t.Errorf("%s is not valid: %s", mode, a.Verdict.Reason)
		}
	}
}

// TestACanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestACanaryIsFound(t *testing.T) {
	s := spec("snapshot-isolation")
	s.Bug = "validation-skipped"
	if v := run(t, s, 1).Verdict; v.Validity != checker.Invalid {
		t.Errorf("it is %v", v.Validity)
	}
}
