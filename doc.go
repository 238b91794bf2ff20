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
// Package faultline/cluster says what a system is, and faultline/cluster/sim is the machine that a system can be written for, with
// its network (faultline/cluster/network), its disk (faultline/cluster/disk) and what it reports (faultline/cluster/report).
// Package faultline/workloads says what a workload is, faultline/checker what judges one, and faultline/history what clients saw.
// Package faultline/nemesis describes the language of faults. These are for others to import; all other packages are the
// program's own and change as it does.
//
// Code that runs in a world keeps three rules, as time stands still while anybody works and goroutines are not preempted. It
// never waits for time, network or disk while it holds a mutex that another goroutine wants: the run would freeze, and be
// unknown. It records nothing in the order of a map. It tries nothing again and again in no time. What it prints is seen
// only if the world crashes; a node's own log is sim.Process.Log.
//
// A library is tested by World, in tests that the command faultline test runs: unmodified code, on hosts with a network, a disk and a
// clock of their own.
//
// Environment variables change what Test does, so that no test needs flags of its own:
//
//	FAULTLINE_SEED=7       runs that seed and no other, and so do World and Worlds
//	FAULTLINE_REPLAY=RUN   runs a stored run again, by its directory or a name such as TestLocks:7, and compares the two
//	FAULTLINE_RESULTS=DIR  is where runs that fail are kept
package faultline
