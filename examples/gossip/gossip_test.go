package gossip

import (
	"testing"

	"faultline"
	"faultline/cluster"
	"faultline/nemesis"
)

func TestMain(m *testing.M) { faultline.TestMain(m) }

// What was acknowledged stays, whoever loses his power, and gets everywhere once links are mended.
func TestGossip(t *testing.T) {
	faultline.Test(t, faultline.Spec{System: "gossip-set", Workload: "gossip-adds"})
}

// The claim withstands every fault that a correct store survives.
func TestGossipUnderAllFaults(t *testing.T) {
	kind, err := cluster.KindByName("gossip-set")
	if err != nil {
		t.Fatal(err)
	}
	all, err := nemesis.ParseFamilies("all", kind.Suffers)
	if err != nil {
		t.Fatal(err)
	}
	faultline.Test(t, faultline.Spec{System: kind.Name, Workload: "gossip-adds", Nemesis: all}, faultline.Seeds(3))
}
