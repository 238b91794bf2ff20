package quorum_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	_ "faultline/cluster/kinds"
	"faultline/cluster/quorum"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

// spec is one of runs as the command line makes them, but shorter.
func spec(mode, workload string, nemesis ...string) world.Spec {
	return world.Spec{System: "quorum", Mode: mode, TimeLimit: 15 * time.Second, Rate: 200, Concurrency: 10, Workload: workload,
		Nemesis: nemesis, Interval: 5 * time.Second, Clock: world.Virtual}
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

// refuted reports whether one of a few runs breaks what a part says. Nothing else may be wrong with any.
func refuted(t *testing.T, s world.Spec, part string, seeds uint64) bool {
	t.Helper()
	found := false
	for seed := range seeds {
		for _, p := range run(t, s, seed+1).Verdict.Parts {
			switch {
			case p.Validity == checker.Valid:
			case p.Name == part && p.Validity == checker.Invalid:
				found = true
			default:
				t.Errorf("%s, seed %d: %s: %s", s.Mode, seed+1, p.Name, p.Reason)
			}
		}
		if found {
			break
		}
	}
	return found
}

// TestWhatQuorumsDoNotKeep: R + W > N does not make registers linearizable, with tags as with clocks; and the last write to win is not the
// only one that was acknowledged.
func TestWhatQuorumsDoNotKeep(t *testing.T) {
	for _, s := range []world.Spec{
		spec("regular", "read-write", "disk-slow"),
		spec("lww", "read-write", "clock"),
		spec("dynamo", "read-write", "partition"),
	} {
		if !refuted(t, s, checker.LinearizablePart, 6) {
			t.Errorf("%s was linearizable in all runs", s.Mode)
		}
	}
	if !refuted(t, spec("lww", "siblings"), "siblings", 1) {
		t.Error("the last write won, and nothing was lost")
	}
}

// TestWhatModesKeep: ABD is linearizable, and siblings lose nothing.
func TestWhatModesKeep(t *testing.T) {
	for _, s := range []world.Spec{
		spec("abd", "read-write", "partition", "crash", "clock", "disk-slow"),
		spec("siblings", "siblings", "partition", "crash", "clock"),
		spec("dynamo", "siblings", "partition", "crash"),
	} {
		for seed := range uint64(2) {
			if v := run(t, s, seed+1).Verdict; v.Validity != checker.Valid {
				t.Errorf("%s, seed %d: %s", s.Mode, seed+1, v.Reason)
			}
		}
	}
}

// TestWithoutAntiEntropy replicas that nobody reads never catch up.
func TestWithoutAntiEntropy(t *testing.T) {
	s := spec("lww", "read-write", "crash")
	c := quorum.Kind().Config().(*quorum.Config)
	c.AntiEntropy, c.ReadRepair = 0, false
	s.Config = c
	s.Options.Keys, s.Options.ConsistencyModels = 200, []string{"consistent-prefix"} // most keys are not written again
	if !refuted(t, s, checker.CaughtUpPart, 2) {
		t.Error("all nodes caught up")
	}
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) {
	s := spec("abd", "read-write", "partition", "crash")
	s.Bug = "counted-twice"
	found := slices.ContainsFunc([]uint64{1, 2, 3}, func(seed uint64) bool { return run(t, s, seed).Verdict.Validity == checker.Invalid })
	if !found {
		t.Error("the canary was not found")
	}
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	s := spec("dynamo", "siblings", "partition", "crash", "pause", "disk-slow")
	if a, b := run(t, s, 7), run(t, s, 7); a.Digest != b.Digest {
		t.Errorf("%v and %v", a.Digest, b.Digest)
	}
}

// TestSettingsThatCannotBe: quorums that do not meet are refused where a mode needs that.
func TestSettingsThatCannotBe(t *testing.T) {
	for want, change := range map[string]func(*quorum.Config){
		"replicas 6: there are 5 nodes":                                    func(c *quorum.Config) { c.Replicas = 6 },
		"a read quorum of 4 and a write quorum of 2: a key has 3 replicas": func(c *quorum.Config) { c.ReadQuorum = 4 },
		"a read quorum of 1 and a write quorum of 2 of 3 replicas do not meet: in the mode abd give more than 3 together, or use the mode lww or dynamo": func(c *quorum.Config) { c.ReadQuorum = 1 },
	} {
		s := spec("abd", "read-write")
		c := quorum.Kind().Config().(*quorum.Config)
		change(c)
		s.Config = c
		if err := s.Validate(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
