// Package bugs is a gallery of planted bugs: defects that replicated stores have had, each a decorator
// around one real part of cluster/raftkv. They show that the tool finds what it is for, and how soon;
// silence of a campaign means something only if these are not silent.
//
// A bug is part of a run's spec. Nothing of this package is in the path of a run without one. Each does
// only what its summary says: the rest of the cluster is as it should be, at the read level readindex and
// with the default settings of a run.
package bugs

import (
	"slices"

	"faultline/cluster/raftkv"
)

// Bug is one planted bug.
type Bug struct {
	Name    string
	Summary string // what it does, in a line
	Why     string // what that breaks, and who has had it
	File    string // of this package, where it is
	Canary  bool   // nearly every run finds it

	// Workload is the one whose clients can see it; empty if all can that read and write. Whoever runs the bug
	// takes it unless told otherwise.
	Workload string

	parts raftkv.Parts
}

// gallery has them by the part of a node that they are in.
var gallery = slices.Concat(reads, writes, applies, snapshots, storage, clients)

// All returns the bugs, by the part of a node that they are in.
func All() []Bug { return gallery }

// Names returns their names.
func Names() []string {
	var names []string
	for _, b := range gallery {
		names = append(names, b.Name)
	}
	return names
}

// Canaries returns the names of those that nearly every run finds, whatever it is set to: with no fault and
// at any read level.
func Canaries() []string {
	var names []string
	for _, b := range gallery {
		if b.Canary {
			names = append(names, b.Name)
		}
	}
	return names
}

// Workload returns the name of the workload that a bug needs; empty if it needs none, and for a bug that there
// is not.
func Workload(name string) string {
	for _, b := range gallery {
		if b.Name == name {
			return b.Workload
		}
	}
	return ""
}

// Parts returns what plants the bug; nil for no bug, whose name is empty, and for one that there is not.
func Parts(name string) *raftkv.Parts {
	for _, b := range gallery {
		if b.Name == name {
			return &b.parts
		}
	}
	return nil
}
