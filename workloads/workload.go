// Package workloads says what clients do and what must hold of their histories.
//
// A workload guarantees that what its generators do follows from their own draws and from what they
// are told of outcomes, in the order in which they are told, so that a run can be repeated. The caller
// owes it that generators of one workload are not used concurrently: inside a world only one goroutine
// runs at a time, on the real clock the caller holds a lock.
package workloads

import (
	"math/rand/v2"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster"
	"faultline/history"
)

// Workload is one kind of test.
type Workload interface {
	// Generator returns the operations of one client thread.
	Generator(thread int, draw *rand.Rand) Generator
	// Final returns what is read at the end, when everything is healed.
	Final() []cluster.Op
	// Heat has that share of the operations from now on go to one object, beside its own share of the rest; 0 ends
	// it. A workload of one object has nothing to do.
	Heat(share float64)
	// Check says whether a history keeps what the workload promises, with what is needed to show why
	// not. It takes its bounds from the options.
	Check(ops []history.Operation, o checker.Options) (checker.Part, []linear.Counterexample)
}

// Generator yields one thread's operations.
type Generator interface {
	// Next returns the operation to do now.
	Next() cluster.Op
	// Done tells how an operation of this thread ended.
	Done(cluster.Op, cluster.Outcome)
}

// Options are the settings of all workloads. Zero fields take the workload's defaults.
type Options struct {
	Threads int     `json:"-"`       // how many client threads there are
	Keys    int     `json:"keys"`    // how many objects
	HotKey  float64 `json:"hot_key"` // the share of operations that go to the first key, beside its own
	// Staleness is how old what a read sees may be; 0 if it must be linearizable.
	Staleness time.Duration `json:"staleness,omitempty"`
	// ConsistencyModels are those, by their names in package ladder, that a history must keep in place of being
	// linearizable; none if it must be.
	ConsistencyModels []string `json:"consistency_models,omitempty"`
	// Settled is since when replicas owed it to agree; 0 if that is not known. It is known only when the run has ended.
	Settled time.Duration `json:"-"`
}

// Info describes a workload for people.
type Info struct {
	Name string
	Doc  string
	open func(Options) Workload
}

// All returns the workloads.
func All() []Info { return all }

var all = []Info{
	{"register", "reads, writes of unique values and compare-and-set on many registers, each linearizable", newRegister},
	{"lifecycle", "objects that are created, changed, read and deleted, linearizable; what was deleted stays away", newLifecycle},
}

// Names returns the names of all workloads.
func Names() []string {
	var names []string
	for _, w := range all {
		names = append(names, w.Name)
	}
	return names
}

// Open returns a workload; false if there is none of that name.
func Open(name string, o Options) (Workload, bool) {
	for _, w := range all {
		if w.Name == name {
			return w.open(o), true
		}
	}
	return nil, false
}
