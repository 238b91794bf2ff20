// Package direct finds the anomalies of transactions that show without a graph: one read, or one read and what others wrote, is enough.
package direct

import (
	"cmp"
	"slices"

	"faultline/checker/txn/internal/record"
)

// Anomaly is something that is wrong, and what shows it.
type Anomaly struct {
	Name    Name
	Key     int32
	Steps   []int32        // they show it: see Name
	Element record.Element // what it is about, where it is about one
}

// Name is the name of an anomaly, as package models has it, and says what its Steps are.
type Name string

const (
	Internal          Name = "internal"           // the steps on the key before the read, from the last read on or all; the read, which contradicts them
	FutureRead        Name = "future-read"        // a read; the later write of the same transaction that it saw
	ReorderedAppends  Name = "reordered-appends"  // an append; a later one of the same transaction to the key, which came first in the order of versions
	G1a               Name = "G1a"                // a write of an aborted transaction; the first read that saw it
	G1b               Name = "G1b"                // a write; the next write of the same transaction to the key; a read of another one that saw the first
	DirtyUpdate       Name = "dirty-update"       // a write of an aborted transaction; the next write of a committed one in the order of versions
	LostUpdate        Name = "lost-update"        // for each transaction its read of the version that all of them read, and its first write
	GarbageRead       Name = "garbage-read"       // the first read of what nobody wrote
	IncompatibleOrder Name = "incompatible-order" // the first read of the longest list, as far as matters; the first read that is no prefix of it
	DuplicateElements Name = "duplicate-elements" // the first read that has an element twice
	DuplicateAppends  Name = "duplicate-appends"  // all writes of the element to the key
)

var names = []Name{Internal, FutureRead, ReorderedAppends, G1a, G1b, DirtyUpdate, LostUpdate, GarbageRead, IncompatibleOrder, DuplicateElements, DuplicateAppends}

// inOrder sorts anomalies by name, and those of one name by their first step.
func inOrder(found []Anomaly) []Anomaly {
	place := map[Name]int{}
	for i, name := range names {
		place[name] = i
	}
	slices.SortStableFunc(found, func(a, b Anomaly) int {
		return cmp.Or(place[a.Name]-place[b.Name], slices.Compare(a.Steps, b.Steps))
	})
	return found
}

// isRead reports whether a step is a read of one key whose answer is known.
func isRead(h *record.History, step int32) bool {
	return h.Steps.Kind[step].IsRead() && h.Steps.Saw[step] != record.Unread
}
