// Package workloads says what clients do and what must hold of their histories. A workload is a value that registers itself;
// a new one needs no change anywhere else.
//
// So that a run can be repeated, what a workload's generators do must follow from their own draws and from the outcomes
// that they are told, in that order. Generators of one workload must not be used concurrently: inside a world
// only one goroutine runs at a time, and on the real clock the caller holds a lock.
package workloads

import (
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/cluster"
)

// Workload is one kind of test, in one run.
type Workload interface {
	// Phases are what clients do, in order: phases Before, then During, then After.
	Phases() []Phase
	// Checkers judge whether what clients saw keeps what the workload promises.
	Checkers() []checker.Checker
}

// HotKeyed is a Workload that can send most operations to one object.
type HotKeyed interface {
	// HotKey sends that share of the operations from now on to one object, in addition to its share of the rest; 0 ends it.
	HotKey(share float64)
}

// Options are the settings of all workloads. Zero fields take the workload's defaults.
type Options struct {
	Keys   int     `json:"keys"`    // how many objects
	HotKey float64 `json:"hot_key"` // the share of operations that go to the first key, on top of its own
	// Staleness is how old what a read sees may be; 0 if it must be linearizable.
	Staleness time.Duration `json:"staleness,omitempty"`
	// ConsistencyModels are those that a history must keep, by their names in package ladder or, if it is of transactions, in
	// checker/txn/models. If there are none registers must be linearizable; transactions must keep what the mode of the system
	// claims, see In.
	ConsistencyModels []string `json:"consistency_models,omitempty"`
}

// Info is a workload before it is opened.
type Info struct {
	Name string   // as in --workload
	Also []string // other names for it
	Doc  string   // in a line
	// What its documentation says, in a sentence each: what clients do, what must hold of what they see, and what breaks that in stores.
	Clients, Holds, Breaks string
	Ops                    []string // the operations that it does: a system that lacks one of them cannot be tested by it
	// Keyed says that it works on Options.Keys objects. What is invalid is shrunk to fewer of them.
	Keyed  bool
	Models Models // which its histories can be held to
	Open   func(Options) Workload
}

var all []Info

// Register makes a workload known. It panics if it cannot be used or its name is taken: both are programming errors.
func Register(w Info) {
	taken := func(name string) bool { _, there := ByName(name); return there }
	if w.Name == "" || w.Open == nil || slices.ContainsFunc(append(w.Also, w.Name), taken) {
		panic(fmt.Sprintf("workloads: %q needs names of its own, and Open", w.Name))
	}
	all = append(all, w)
}

func init() {
	Register(registers)
	Register(lifecycles)
	Register(streams)
	Register(transactionals)
	Register(processings)
	Register(derivations)
	Register(watches)
	Register(leasing)
	Register(listAppends)
	Register(rwRegisters)
	Register(lostUpdates)
	Register(writeSkews)
	Register(phantoms)
	Register(scriptedAnomalies)
	Register(multiRegisters)
	Register(maintained)
	Register(growingSets)
	Register(fifoQueues)
	Register(atLeastOnceQueues)
	Register(uniqueIDs)
	Register(counters)
	Register(banks)
	Register(bankItems)
	Register(locking)
	Register(reentrantLocks)
	Register(fencedWrites)
	Register(semaphores)
	Register(longForks)
	Register(causalReverse)
	Register(monotonicCounters)
	Register(deliveryOrders)
	for _, w := range replicatedFamilies {
		Register(w)
	}
	Register(readsAndWrites)
	Register(siblingWrites)
	Register(happenedBefores)
}

// All returns the workloads, in the order in which they were registered.
func All() []Info { return slices.Clone(all) }

// Names returns the names of all workloads.
func Names() []string {
	var names []string
	for _, w := range all {
		names = append(names, w.Name)
	}
	return names
}

// Fitting returns the names of the workloads that a system can be tested by which understands these operations.
func Fitting(understood []string) []string {
	var names []string
	for _, w := range all {
		if !slices.ContainsFunc(w.Ops, func(op string) bool { return !slices.Contains(understood, op) }) {
			names = append(names, w.Name)
		}
	}
	return names
}

// Usual is the workload of a kind of system where none is named: its own, or else the first that fits; empty if none does.
func Usual(kind cluster.Kind) string {
	if names := Fitting(kind.Ops); kind.Workload == "" && len(names) > 0 {
		return names[0]
	}
	return kind.Workload
}

// ByName finds a workload by its name or another name for it; false if there is none.
func ByName(name string) (Info, bool) {
	k := slices.IndexFunc(all, func(w Info) bool { return w.Name == name || slices.Contains(w.Also, name) })
	if k < 0 {
		return Info{}, false
	}
	return all[k], true
}

// Open returns a workload for one run; false if there is none of that name.
func Open(name string, o Options) (Workload, bool) {
	w, ok := ByName(name)
	if !ok {
		return nil, false
	}
	return w.Open(o), true
}
