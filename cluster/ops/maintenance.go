package ops

import (
	"slices"

	"faultline/history"
)

// What operators have a store do to itself. Neither changes what clients see, so a store that has a defect in it shows in what other
// operations see, and in digests.
const (
	// Compact has the store forget old revisions.
	//
	//	value   how many of the newest revisions to keep
	//	ok      the revision up to which earlier ones are forgotten now
	//	fail, info   as for anything that changes something
	Compact = "compact"

	// Defragment has the node near which the client is rewrite its files. The client asks that node and no other.
	//
	//	value   none
	//	ok      nothing more
	//	fail, info   as for anything that changes something
	Defragment = "defragment"
)

// OnObject reports whether an operation is on an object of a workload, and not on a node or the store as a whole. Models know
// nothing of the others.
func OnObject(f string) bool { return f != Digest && f != Compact && f != Defragment }

// OnObjects are the operations that are on objects.
func OnObjects(all []history.Operation) []history.Operation {
	other := func(op history.Operation) bool { return !OnObject(op.F) }
	if !slices.ContainsFunc(all, other) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), other)
}
