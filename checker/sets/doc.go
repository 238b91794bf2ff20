// Package sets judges sets that grow, and ids that are unique. Nothing is ever removed from them, so of each element it is known from
// when on a read must have it, and that is decided without a search, in time that grows with what was read.
//
// A read that is ok returns a list or a set of elements; null is the empty set. What is added is any value. An add whose outcome is
// unknown may take effect at any later time, or never. One that failed never does: Jepsen counts it as an attempt, and takes an
// element that comes of it for recovered, where this package calls it unexpected.
//
// What can be decided about single elements is not all that linearizability demands: two reads at once that each have an element
// which the other lacks are right by every checker here. The model set of package linear refuses them.
package sets
