package chain_test

import (
	"os"
	"testing"
	"time"

	_ "faultline/cluster/kinds"
	"faultline/internal/kindtest"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

// spec is one of short runs.
func spec(mode string) world.Spec {
	s := kindtest.Spec("chain", mode)
	s.TimeLimit, s.Interval = 10*time.Second, 3*time.Second
	return s
}

func TestFencedModesAreLinearizable(t *testing.T) {
	for _, mode := range []string{"fenced", "craq"} {
		kindtest.Valid(t, spec(mode), 1)
	}
}

func TestWhatWeakModesKeep(t *testing.T) {
	kindtest.Refuted(t, spec("stale"), 1)
	for _, mode := range []string{"tail", "stale"} {
		s := spec(mode)
		s.Options.ConsistencyModels = []string{"consistent-prefix", "eventual"}
		kindtest.Valid(t, s, 1)
	}
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) {
	kindtest.Found(t, spec("fenced"), "head-acknowledges", 3)
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	s := spec("craq")
	s.Nemesis = []string{"partition", "crash", "pause", "disk-slow"}
	kindtest.Repeats(t, s, 7)
}
