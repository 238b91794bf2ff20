package multileader_test

import (
	"os"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/siblings"
	_ "faultline/cluster/kinds"
	"faultline/cluster/multileader"
	"faultline/internal/kindtest"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

func spec(mode, workload string, families ...string) world.Spec {
	s := kindtest.Spec("multileader", mode)
	s.TimeLimit, s.Workload, s.Nemesis = 12*time.Second, workload, families
	return s
}

// held is a spec of registers that are held to a model.
func held(mode, model string, families ...string) world.Spec {
	s := spec(mode, "read-write", families...)
	s.Options.ConsistencyModels = []string{model}
	return s
}

// TestWhatIsLost: the last write wins over one that was acknowledged, and clocks that differ let a client lose what it has just written.
func TestWhatIsLost(t *testing.T) {
	kindtest.RefutedBy(t, spec("lamport", "siblings"), siblings.Part, 1)
	kindtest.RefutedBy(t, held("wall", "read-your-writes", "clock"), checker.ConsistencyPart, 1)
	kindtest.RefutedBy(t, held("lamport", "causal-convergence", "partition", "crash"), checker.ConsistencyPart, 1)
}

// TestWhatIsKept, whoever is down or cut off.
func TestWhatIsKept(t *testing.T) {
	kindtest.Valid(t, held("causal", "causal-convergence", "partition", "crash", "clock"), 2)
	kindtest.Valid(t, spec("siblings", "siblings", "partition", "crash"), 1)
}

// TestWhatComesOneWay comes in order: with the links of a ring that are slow clients that stay at their nodes see causality, without causal delivery.
func TestWhatComesOneWay(t *testing.T) {
	s := held("lamport", "causal", "delay")
	c := multileader.Kind().Config().(*multileader.Config)
	c.Topology = "ring"
	s.Config = c
	kindtest.Valid(t, s, 1)
}

// TestTheCanaryIsFound: it is what nearly every run finds. The gallery looks for all.
func TestTheCanaryIsFound(t *testing.T) {
	kindtest.Found(t, spec("causal", "read-write", "partition", "crash"), "session-forgotten", 3)
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	kindtest.Repeats(t, spec("siblings", "siblings", "partition", "crash", "pause", "disk-slow"), 7)
}
