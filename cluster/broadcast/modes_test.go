package broadcast_test

import (
	"os"
	"testing"
	"time"

	"faultline/checker/clocks"
	"faultline/checker/order"
	_ "faultline/cluster/kinds"
	"faultline/internal/kindtest"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

// spec is one whose clients broadcast, held to some models.
func spec(mode string, models ...string) world.Spec {
	s := kindtest.Spec("broadcast", mode)
	s.Workload, s.Options.ConsistencyModels = "delivery-order", models
	s.TimeLimit, s.Interval = 6*time.Second, 2*time.Second
	return s
}

// TestWhatModesDoNotKeep: each is refuted as what it does not claim to be, and nothing else is wrong with it. The long tests do that with all.
func TestWhatModesDoNotKeep(t *testing.T) {
	kindtest.RefutedBy(t, spec("fifo", "causal-order"), order.Part, 1)
	kindtest.RefutedBy(t, spec("causal", "total-order"), order.Part, 1)
}

// TestWhatModesKeep, and that state machine replication takes total order.
func TestWhatModesKeep(t *testing.T) {
	kindtest.Valid(t, spec("causal", "causal-order"), 1)
	for mode, valid := range map[string]bool{"total-lamport": true, "causal": false} {
		s := spec(mode)
		s.Workload = "register"
		if valid {
			kindtest.Valid(t, s, 1)
		} else {
			kindtest.Refuted(t, s, 1)
		}
	}
}

// TestClocks: logical clocks keep the order of what happened before what while physical ones are off, and those do not.
func TestClocks(t *testing.T) {
	s := spec("reliable")
	s.Workload, s.Nemesis = "happened-before", []string{"clock", "crash"}
	kindtest.Valid(t, s, 1)
	s.Options.ConsistencyModels, s.Nemesis = []string{"physical-clock"}, []string{"clock"}
	kindtest.RefutedBy(t, s, clocks.Part, 2)
}

// TestClocksOfCommands: what a node knows by the commands of other clients happened before, too.
func TestClocksOfCommands(t *testing.T) {
	s := spec("total-leader")
	s.Workload, s.Nemesis = "happened-before", []string{"load"}
	kindtest.Valid(t, s, 2)
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) { kindtest.Found(t, spec("reliable"), "numbered-anew", 1) }

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	s := spec("total-lamport")
	s.Nemesis = []string{"partition", "crash", "pause", "disk-slow"}
	kindtest.Repeats(t, s, 7)
}

// TestANodeAlone has nobody to gossip with.
func TestANodeAlone(t *testing.T) {
	s := spec("gossip")
	s.Nodes, s.Nemesis = 1, nil
	kindtest.Valid(t, s, 1)
}
