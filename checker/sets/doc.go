// Package sets judges sets that only grow, and ids that must be unique. From some time on every read must have an element, since
// nothing is ever removed; so each element is judged by itself, without a search, in time that grows with what was read.
//
// A read that is ok returns a list or a set of elements; null is the empty set. An element is any value. An add whose outcome is
// unknown may take effect at any later time, or never. One that failed never does: an element that comes of it is unexpected, where
// Jepsen calls it recovered. An operation that cannot be understood leaves its set unknown.
//
// Linearizability demands more than can be said of single elements: two reads at the same time, each of which has an element that the
// other lacks, are right by every checker here. The model set of package linear refuses them.
package sets
