package gossip

import (
	"testing"

	"faultline"
)

func TestMain(m *testing.M) { faultline.TestMain(m) }

// What was acknowledged stays, whoever loses his power, and gets everywhere once links are mended.
func TestGossip(t *testing.T) {
	faultline.Test(t, faultline.Spec{System: "gossip-set", Workload: "gossip-adds"})
}

// Processes die where it hurts most, are paused, and their disks are slow.
func TestGossipUnderMoreFaults(t *testing.T) {
	faultline.Test(t, faultline.Spec{System: "gossip-set", Workload: "gossip-adds",
		Nemesis: []string{"crash-at", "pause", "disk-slow", "oneway"}}, faultline.Seeds(5))
}
