// Package planted tests the examples with their bugs. Its tests fail, which is what they are there to show: the package is in testdata
// so that ./... leaves it out.
package planted

import (
	"testing"

	_ "example.com/stores/gossip"
	_ "example.com/stores/locks"
	"faultline"
)

func TestMain(m *testing.M) { faultline.TestMain(m) }

// Snapshots leave out the last token.
func TestLocks(t *testing.T) {
	faultline.Test(t, faultline.Spec{System: "locks", Workload: "locking", Bug: "forget-token"})
}

// Nodes answer before an element is sure to be on their disks.
func TestGossip(t *testing.T) {
	faultline.Test(t, faultline.Spec{System: "gossip-set", Workload: "gossip-adds", Bug: "sync-later"})
}
