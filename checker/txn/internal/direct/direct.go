// Package direct has the anomalies of transactions that show without a graph: one read, or one read and what others wrote, is enough.
package direct

import "faultline/checker/txn/internal/record"

// Anomaly is something that is wrong, and what shows it.
type Anomaly struct {
	Name string // as package models names it, or one of the names below
	Key  int32
	// Steps show it, those of one transaction after those of another: see the names.
	Steps []int32
	// Element is what it is about: what was read or written.
	Element record.Element
}

// The names of anomalies, and what their Steps are.
const (
	G1a           = "G1a"                // the write of an aborted transaction; the first read that saw it
	G1b           = "G1b"                // the write, the later write of the same transaction, the read that saw the first one
	Internal      = "internal"           // what the transaction did before to the key, as far as it matters; the read that does not show it
	FutureRead    = "future-read"        // a read; the later write of the same transaction that it saw
	DirtyUpdate   = "dirty-update"       // the write of an aborted transaction; the write of a committed one that follows it in the order of versions
	LostUpdate    = "lost-update"        // for each transaction, in order: the read of the version that all of them read, and the write
	GarbageRead   = "garbage-read"       // the first read of what nobody wrote
	Incompatible  = "incompatible-order" // the first read of the longest list; the read that is no prefix of it
	TwiceElements = "duplicate-elements" // the read that has the element twice
	TwiceAppended = "duplicate-appends"  // all steps that wrote the element
)
