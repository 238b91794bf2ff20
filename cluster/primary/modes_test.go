package primary_test

import (
	"os"
	"testing"

	_ "faultline/cluster/kinds"
	"faultline/internal/kindtest"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

var weak = []string{"sync", "semisync", "async"}

// TestWeakModesAreRefuted: each loses what its design permits to lose, and nothing else is wrong with it.
func TestWeakModesAreRefuted(t *testing.T) {
	for _, mode := range weak {
		kindtest.Refuted(t, kindtest.Spec("primary", mode), 4)
	}
}

// TestWhatModesKeep: the fenced one is linearizable, and the others agree in the end.
func TestWhatModesKeep(t *testing.T) {
	kindtest.Valid(t, kindtest.Spec("primary", "fenced"), 2)
	for _, mode := range weak {
		s := kindtest.Spec("primary", mode)
		s.Options.ConsistencyModels = []string{"eventual"}
		kindtest.Valid(t, s, 2)
	}
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) {
	kindtest.Found(t, kindtest.Spec("primary", "fenced"), "silence-is-consent", 3)
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	for _, mode := range []string{"fenced", "async"} {
		s := kindtest.Spec("primary", mode)
		s.Nemesis = []string{"partition", "crash", "pause", "disk-slow"}
		kindtest.Repeats(t, s, 7)
	}
}
