package crdt_test

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

var (
	modes = []string{"state", "delta", "op"}
	// families are the workloads, each of which is for some of the types.
	families = []string{"crdt-set", "crdt-counter", "crdt-register", "crdt-map", "crdt-text", "crdt-tree"}
)

func spec(mode, family string) world.Spec {
	s := kindtest.Spec("crdt", mode)
	s.Workload = family
	return s
}

// short is a spec of a few seconds, in which there are faults all the same.
func short(mode, family string) world.Spec {
	s := spec(mode, family)
	s.TimeLimit, s.Interval = 4*time.Second, 2*time.Second
	return s
}

// TestModesConverge: each type keeps its rules in one of the modes, and the long test looks at all.
func TestModesConverge(t *testing.T) {
	for i, family := range families {
		kindtest.Valid(t, short(modes[i%len(modes)], family), 1)
	}
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) {
	for _, mode := range modes {
		kindtest.Found(t, short(mode, "crdt-set"), "removed-come-back", 3)
	}
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	s := short("delta", "crdt-text")
	s.Nemesis = []string{"partition", "crash", "pause", "disk-slow"}
	kindtest.Repeats(t, s, 7)
}
