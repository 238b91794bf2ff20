// Package faultline tests a replicated store inside go test: it runs the store through crashes, partitions and bad disks, in
// virtual time, checks what its clients saw, and fails with a sentence, a picture and a command that repeats the run to
// the last byte.
//
// What is tested is a cluster.Kind, registered by name; what clients do and what must hold is a workload:
//
//	func init() {
//		faultline.Register(cluster.Kind{Name: "mystore", …})
//		faultline.RegisterWorkload(workloads.Info{Name: "mine", …})
//	}
//
//	func TestMain(m *testing.M) { faultline.TestMain(m) }
//
//	func TestMyStore(t *testing.T) {
//		faultline.Test(t, faultline.Spec{System: "mystore", Workload: "mine"})
//	}
//
// Each seed runs in a process of its own, which is the test program itself, started again: that is why TestMain must go
// through this package, and why kinds and workloads are registered in init functions. The test's own code does not run
// in the world and shares no memory with it.
//
// Package faultline/cluster says what a system is, and faultline/cluster/sim is the machine that a system can be written for.
// Package faultline/cluster/raftfsm makes a system of a state machine that was written for hashicorp/raft.
// Package faultline/workloads says what a workload is, and faultline/checker what judges one. Package faultline/nemesis describes the
// language of faults. These are for others to import; all other packages are the program's own and change as it does.
//
// Environment variables change what Test does, so that no test needs flags of its own:
//
//	FAULTLINE_SEED=7       runs that seed and no other
//	FAULTLINE_REPLAY=DIR   runs a stored run again, and compares the two
//	FAULTLINE_RESULTS=DIR  is where runs that fail are kept
package faultline
