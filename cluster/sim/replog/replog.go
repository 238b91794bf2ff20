// Package replog is the log of a design in which one node at a time appends, in numbered epochs, and others copy it.
//
// It relies on this: in an epoch one node appends, in one order. Then two logs that have an entry of the same epoch at the same place are
// the same up to there, and a place and an epoch tell all that came before (Ongaro and Ousterhout 2014, the log matching property; Oki
// and Liskov 1988 have it as viewstamps).
package replog

import (
	"fmt"

	"faultline/cluster/sim/kv"
)

// Entry is a command, and the epoch in which it was appended. One without a command marks where an epoch begins.
type Entry struct {
	Epoch   uint64     `json:"e"`
	Command kv.Command `json:"c,omitzero"`
}

// Log holds the entries 1 and up.
type Log []Entry

// Position is a place in a log: how many entries there are, and the epoch of the last.
type Position struct {
	Length uint64 `json:"length"`
	Epoch  uint64 `json:"epoch"`
}

func (p Position) String() string { return fmt.Sprintf("%d/%d", p.Length, p.Epoch) }

// Beyond reports whether a log that ends at p has more than one that ends at q. A later epoch counts before the length.
func (p Position) Beyond(q Position) bool {
	return p.Epoch > q.Epoch || p.Epoch == q.Epoch && p.Length > q.Length
}

// At is the position behind the first n entries.
func (l Log) At(n uint64) Position {
	if n == 0 {
		return Position{}
	}
	return Position{n, l[n-1].Epoch}
}

// Length is how many entries there are.
func (l Log) Length() uint64 { return uint64(len(l)) }

// End is the position behind all entries.
func (l Log) End() Position { return l.At(l.Length()) }

// Has reports whether the log has what another one has up to a position.
func (l Log) Has(p Position) bool { return p.Length <= l.Length() && l.At(p.Length) == p }

// Shared is how many of the entries that follow the first n in another log the log has.
func (l Log) Shared(n uint64, entries []Entry) (same uint64) {
	for same < uint64(len(entries)) && l.Has(Position{n + same + 1, entries[same].Epoch}) {
		same++
	}
	return same
}

// batch is how many entries a message has at most.
const batch = 64

// After are the entries behind the first n, as many as a message takes.
func (l Log) After(n uint64) []Entry { return l[n:min(l.Length(), n+batch)] }

// Copy is what one node tells another of its log: entries, and the position that they follow.
type Copy struct {
	After   Position `json:"after"`
	Entries []Entry  `json:"entries,omitempty"`
}

// Copy is what a log has behind the first n entries, as much as a message takes.
func (l Log) Copy(n uint64) Copy { return Copy{l.At(n), l.After(n)} }

// End is the length of the other log up to the last of the entries.
func (c Copy) End() uint64 { return c.After.Length + uint64(len(c.Entries)) }

// Change is what a log becomes: its first Keep entries, and then these.
type Change struct {
	Keep    uint64  `json:"keep"`
	Entries []Entry `json:"entries,omitempty"`
}

// Append is the change that adds an entry.
func (l Log) Append(e Entry) Change { return Change{l.Length(), []Entry{e}} }

// Take is the change by which a log has what a copy has. It reports false if the log lacks what comes before: then a copy is needed that
// follows From entries or fewer. Without entries nothing is to be changed.
func (l Log) Take(c Copy) (change Change, from uint64, ok bool) {
	switch {
	case c.After.Length > l.Length():
		return change, l.Length(), false
	case !l.Has(c.After):
		return change, 0, false
	}
	same := l.Shared(c.After.Length, c.Entries)
	return Change{c.After.Length + same, c.Entries[same:]}, c.End(), true
}

// Apply makes a change. The log must not be used any more.
func (l Log) Apply(c Change) Log { return append(l[:c.Keep], c.Entries...) }
