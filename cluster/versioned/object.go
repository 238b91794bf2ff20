// Package versioned is what key-value stores have in common in which no log and no leader puts writes in an order: objects whose values have
// versions, the rules by which replicas make one state of two, and clients.
//
// A Rule is commutative, associative and idempotent, so that replicas which have heard of the same writes have the same state, in whatever
// order and however often they have heard of them. There are two. LastWriteWins keeps the version with the latest time and discards all
// others, acknowledged or not. KeepSiblings discards a version only if a client has written another one in its place, having
// read it: those are dotted version vectors (Preguiça, Baquero and others 2010; Almeida and others 2014).
package versioned

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"faultline/cluster/logical"
)

// Version is a value that was written, and what tells its write from all others.
type Version struct {
	Value string         `json:"v"`
	Time  logical.Hybrid `json:"t"` // by the clock of the node that has taken the write
	Dot   logical.Dot    `json:"d"` // that node, and which of its writes to the object this is; 0 where nobody counts them
}

// Compare is negative if v is before w. Replicas agree on the order of any two versions: those of one time are ordered by the names of their
// nodes, and if even those are the same by what was written, as Cassandra does.
func (v Version) Compare(w Version) int {
	return cmp.Or(v.Time.Compare(w.Time), cmp.Compare(v.Dot.Node, w.Dot.Node), cmp.Compare(v.Dot.N, w.Dot.N), cmp.Compare(v.Value, w.Value))
}

// Object is what a replica has of a key. The zero value is that of a key that was never written. Objects are not changed.
type Object struct {
	Versions []Version      `json:"versions,omitempty"` // the latest first
	Seen     logical.Vector `json:"seen,omitempty"`     // the writes that it knows of, those that were replaced too; of LastWriteWins nothing
}

// Rule makes one state of two.
type Rule func(a, b Object) Object

// LastWriteWins keeps the latest version.
func LastWriteWins(a, b Object) Object {
	if len(a.Versions) == 0 || len(b.Versions) > 0 && a.Versions[0].Compare(b.Versions[0]) < 0 {
		return b
	}
	return a
}

// KeepSiblings keeps a version unless one side knows of its write and has it no more, as it was replaced there.
func KeepSiblings(a, b Object) Object {
	kept := Object{Seen: a.Seen.Clone()}
	kept.Seen.Merge(b.Seen)
	for _, v := range a.Versions {
		if b.has(v) || !b.Seen.Includes(v.Dot) {
			kept.Versions = append(kept.Versions, v)
		}
	}
	for _, v := range b.Versions {
		if !a.Seen.Includes(v.Dot) {
			kept.Versions = append(kept.Versions, v)
		}
	}
	return kept.sorted()
}

// Stamped is an object that was written once.
func Stamped(value, node string, at logical.Hybrid) Object {
	return Object{Versions: []Version{{value, at, logical.Dot{Node: node}}}}
}

// Put is the object after a node has taken one more write. It replaces the versions that the context counts, which is what its client has seen.
//
// The node must have, in o, every write to the object that it ever took, or what replaced it: a write is told from others by its number.
func (o Object) Put(value, node string, at logical.Hybrid, context logical.Vector) Object {
	next := Object{Seen: o.Seen.Clone()}
	written := Version{value, at, next.Seen.Tick(node)}
	next.Seen.Merge(context)
	for _, v := range o.Versions {
		if !context.Includes(v.Dot) {
			next.Versions = append(next.Versions, v)
		}
	}
	next.Versions = append(next.Versions, written)
	return next.sorted()
}

// sorted is the object with the latest version first.
func (o Object) sorted() Object {
	slices.SortFunc(o.Versions, func(v, w Version) int { return w.Compare(v) })
	return o
}

func (o Object) has(v Version) bool { return slices.Contains(o.Versions, v) }

// Equal reports whether two states are the same.
func (o Object) Equal(p Object) bool {
	return slices.Equal(o.Versions, p.Versions) && o.Seen.Compare(p.Seen) == logical.Equal
}

// Latest is the time of the latest version.
func (o Object) Latest() (latest logical.Hybrid) {
	for _, v := range o.Versions {
		if v.Time.Compare(latest) > 0 {
			latest = v.Time
		}
	}
	return latest
}

// Digest is a hash of the state. Different states have the same one by accident only.
func (o Object) Digest() uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%v %v", o.Versions, o.Seen)
	return h.Sum64()
}

// String is what the versions hold, the latest first.
func (o Object) String() string {
	var values []string
	for _, v := range o.Versions {
		values = append(values, strings.TrimSpace(v.Value))
	}
	return "[" + strings.Join(values, " ") + "]"
}
