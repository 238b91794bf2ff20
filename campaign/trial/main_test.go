package trial

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	_ "faultline/cluster/kinds"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	goleak.VerifyTestMain(m)
}

// quick is a spec of worlds that take a few seconds of their own time and a tenth of one of ours.
var quick = world.Spec{Seed: 1, TimeLimit: 4 * time.Second, Rate: 200, Concurrency: 5, Workload: "register",
	Nemesis: []string{"partition"}, Interval: time.Second, Clock: world.Virtual, Nodes: 3}
