package paxos_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	_ "faultline/cluster/kinds"
	"faultline/cluster/paxos"
	"faultline/internal/kindtest"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

// spec is one of short runs.
func spec(mode string) world.Spec {
	s := kindtest.Spec("paxos", mode)
	s.TimeLimit, s.Interval = 10*time.Second, 3*time.Second
	return s
}

func TestModesAreLinearizable(t *testing.T) {
	for _, mode := range []string{"log", "confirmed", "lease"} { // no clock is wrong in these runs
		kindtest.Valid(t, spec(mode), 1)
	}
}

func TestLocalReadsAreStale(t *testing.T) {
	kindtest.Refuted(t, spec("local"), 1)
	s := spec("local")
	s.Options.ConsistencyModels = []string{"consistent-prefix", "eventual"}
	kindtest.Valid(t, s, 1)
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) {
	s := spec("confirmed")
	s.TimeLimit, s.Interval = time.Minute, 5*time.Second
	kindtest.Found(t, s, "nothing-adopted", 3)
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	s := spec("lease")
	s.Nemesis = []string{"partition", "crash", "pause", "disk-slow", "clock"}
	kindtest.Repeats(t, s, 7)
}

// TestADuelNeedsRandomness: every message arrives a tenth of a second after it was sent, and no node fails. Proposers that wait for fixed times
// preempt each other for as long as that lasts, and nothing is chosen (Fischer, Lynch and Paterson 1985). With random times one of
// them is alone soon.
func TestADuelNeedsRandomness(t *testing.T) {
	schedule, err := os.ReadFile(filepath.Join("..", "..", "docs", "paxos", "duel.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		backoff   paxos.Backoff
		available checker.Validity
	}{{paxos.Fixed, checker.Invalid}, {paxos.Random, checker.Valid}} {
		s := spec("confirmed")
		s.Seed, s.Nemesis, s.TimeLimit, s.MaxOutage = 1, nil, 20*time.Second, 10*time.Second
		if s, err = s.WithDefaults(); err != nil {
			t.Fatal(err)
		}
		c := s.Config.(*paxos.Config)
		c.Backoff, c.Heartbeat = test.backoff, 50*time.Millisecond
		in, err := trial.Draw(s, string(schedule))
		if err != nil {
			t.Fatal(err)
		}
		run, err := trial.Local{}.Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range run.Verdict.Parts {
			if want := part.Name != checker.AvailablePart || test.available == checker.Valid; want != (part.Validity == checker.Valid) {
				t.Errorf("%s: %s: %s", test.backoff, part.Name, part.Reason)
			}
		}
	}
}
