package locks

import (
	"testing"

	"faultline"
	"faultline/cluster"
	"faultline/nemesis"
)

func TestMain(m *testing.M) { faultline.TestMain(m) }

// Whatever crashes and whoever is cut off, nobody holds a lock that another has.
func TestLocks(t *testing.T) {
	faultline.Test(t, faultline.Spec{System: "locks", Workload: "locking"})
}

// The claim withstands every fault that a correct store survives.
func TestLocksUnderAllFaults(t *testing.T) {
	kind, err := cluster.KindByName("locks")
	if err != nil {
		t.Fatal(err)
	}
	all, err := nemesis.ParseFamilies("all", kind.Suffers)
	if err != nil {
		t.Fatal(err)
	}
	faultline.Test(t, faultline.Spec{System: kind.Name, Workload: "locking", Nodes: 5, Nemesis: all}, faultline.Seeds(3))
}
