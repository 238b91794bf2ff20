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

	"faultline/cluster"
	"faultline/cluster/raftkv"
)

// bug is one planted bug, and what plants it.
type bug struct {
	cluster.Bug
	parts raftkv.Parts
}

// gallery has them by the part of a node that they are in.
var gallery = slices.Concat(reads, leases, bounds, memberships, writes, applies, snapshots, storage, clients, onObjects, transactions, banks, locks)

// Kind is the store as a kind of system in which these bugs can be planted.
func Kind() cluster.Kind {
	var all []cluster.Bug
	for _, b := range gallery {
		all = append(all, b.Bug)
	}
	return raftkv.Kind(all, parts)
}

// parts returns what plants a bug; nil for no bug, whose name is empty.
func parts(name string) *raftkv.Parts {
	for i := range gallery {
		if gallery[i].Name == name {
			return &gallery[i].parts
		}
	}
	return nil
}
