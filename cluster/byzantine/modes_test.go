package byzantine_test

import (
	"os"
	"testing"
	"time"

	"faultline/checker/order"
	_ "faultline/cluster/kinds"
	"faultline/internal/kindtest"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

func spec(mode string, nodes int) world.Spec {
	s := kindtest.Spec("byzantine", mode)
	s.Nodes, s.Workload, s.Options.ConsistencyModels = nodes, "delivery-order", []string{"byzantine-reliable"}
	s.TimeLimit, s.Interval, s.Nemesis = 5*time.Second, 2*time.Second, []string{"partition", "pause"}
	return s
}

// TestLiars: one of four nodes that lies breaks a broadcast among nodes that trust each other, and Bracha's only if there are three.
func TestLiars(t *testing.T) {
	kindtest.Valid(t, spec("bracha", 4), 1)
	kindtest.RefutedBy(t, spec("bracha", 3), order.Part, 1)
	kindtest.RefutedBy(t, spec("trusting", 4), order.Part, 1)
}
