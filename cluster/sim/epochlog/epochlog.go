// Package epochlog is the log of a replica that follows one leader at a time. Each leader has an epoch, a number that no other leader has
// and that is larger than those before it.
//
// An epoch has one leader, which appends in one order. So two logs that have an entry of the same epoch at the same place are the same
// up to there, provided that a replica appends entries of a leader only behind what that leader has at that place.
package epochlog

import (
	"fmt"
	"sort"
)

// Entry is a command in the log, and the epoch of the leader that put it there.
type Entry[T any] struct {
	Epoch   uint64 `json:"e"`
	Command T      `json:"c,omitzero"`
}

// Log holds the entries 1 and up. Their epochs do not decrease.
type Log[T any] []Entry[T]

// Position is a place in a log: how many entries there are up to it, and the epoch of the last.
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
func (l Log[T]) At(n uint64) Position {
	if n == 0 {
		return Position{}
	}
	return Position{n, l[n-1].Epoch}
}

// Length is how many entries there are.
func (l Log[T]) Length() uint64 { return uint64(len(l)) }

// End is the position behind the last entry.
func (l Log[T]) End() Position { return l.At(l.Length()) }

// Has reports whether the log has what another one has up to a position.
func (l Log[T]) Has(p Position) bool { return p.Length <= l.Length() && l.At(p.Length) == p }

// Shared is how many of the entries that follow the first n the log has.
func (l Log[T]) Shared(n uint64, entries []Entry[T]) (same uint64) {
	for same < uint64(len(entries)) && l.Has(Position{n + same + 1, entries[same].Epoch}) {
		same++
	}
	return same
}

// Through is the position behind the last entry whose epoch is not larger than this one.
func (l Log[T]) Through(epoch uint64) Position {
	return l.At(uint64(sort.Search(len(l), func(i int) bool { return l[i].Epoch > epoch })))
}

// batch is how many entries a message has at most.
const batch = 64

// After are the entries behind the first n, as many as a message takes.
func (l Log[T]) After(n uint64) []Entry[T] { return l[n:min(l.Length(), n+batch)] }

// Copy is what one replica tells another of its log: entries, and the position that they follow.
type Copy[T any] struct {
	After   Position   `json:"after"`
	Entries []Entry[T] `json:"entries,omitempty"`
}

// Copy is what the log has behind the first n entries, as much as a message takes.
func (l Log[T]) Copy(n uint64) Copy[T] { return Copy[T]{l.At(n), l.After(n)} }

// End is the length of the other log up to the last of the entries.
func (c Copy[T]) End() uint64 { return c.After.Length + uint64(len(c.Entries)) }

// Change is what a log becomes: its first Keep entries, and then these.
type Change[T any] struct {
	Keep    uint64     `json:"keep"`
	Entries []Entry[T] `json:"entries,omitempty"`
}

// Append is the change that adds an entry.
func (l Log[T]) Append(e Entry[T]) Change[T] { return Change[T]{l.Length(), []Entry[T]{e}} }

// Take is the change by which a log has what a copy has. It reports false if the log lacks what comes before: then a copy is needed that
// follows From entries or fewer. Without entries nothing is to be changed.
func (l Log[T]) Take(c Copy[T]) (change Change[T], from uint64, ok bool) {
	switch {
	case c.After.Length > l.Length():
		return change, l.Length(), false
	case !l.Has(c.After):
		return change, 0, false
	}
	same := l.Shared(c.After.Length, c.Entries)
	return Change[T]{c.After.Length + same, c.Entries[same:]}, c.End(), true
}

// Apply makes a change. The log must not be used any more.
func (l Log[T]) Apply(c Change[T]) Log[T] { return append(l[:c.Keep], c.Entries...) }
