package locks

import (
	"testing"

	"faultline"
)

func TestMain(m *testing.M) { faultline.TestMain(m) }

// Whatever crashes and whoever is cut off, nobody holds a lock that another has.
func TestLocks(t *testing.T) {
	faultline.Test(t, faultline.Spec{System: "locks", Workload: "locking"})
}

// Leaders hand over, nodes leave and come back, disks fail.
func TestLocksUnderMoreFaults(t *testing.T) {
	faultline.Test(t, faultline.Spec{System: "locks", Workload: "locking", Nodes: 5,
		Nemesis: []string{"partition", "crash", "transfer", "membership", "disk-error"}}, faultline.Seeds(3))
}
