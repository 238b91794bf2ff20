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
	"time"

	"faultline/cluster/raftkv"
)

// Bug is one planted bug.
type Bug struct {
	Name    string
	Summary string // what it does, in a line
	Why     string // what that breaks, and who has had it
	File    string // of this package, where it is
	Canary  bool   // nearly every run finds it

	// Nemesis are the families of faults that the part is made for, which a run needs besides those it has by
	// default: where memberships never change, no bug in their change is seen.
	Nemesis []string
	// Staleness is how old what a read sees may be where the bug is planted; 0 if reads are to be linearizable.
	Staleness time.Duration
	// Workload is the one whose clients can see it; empty if all can that read and write.
	Workload string

	parts raftkv.Parts
}

// gallery has them by the part of a node that they are in.
var gallery = slices.Concat(reads, leases, bounds, memberships, writes, applies, snapshots, storage, clients)

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

// ByName returns the bug of that name.
func ByName(name string) (b Bug, ok bool) {
	i := slices.IndexFunc(gallery, func(b Bug) bool { return b.Name == name })
	if i < 0 {
		return Bug{}, false
	}
	return gallery[i], true
}

// Parts returns what plants the bug; nil for no bug, whose name is empty, and for one that there is not.
func Parts(name string) *raftkv.Parts {
	b, ok := ByName(name)
	if !ok {
		return nil
	}
	return &b.parts
}
