// Package datatypes has conflict-free replicated data types (Shapiro, Preguiça, Baquero and Zawirski 2011; Kleppmann, Distributed Systems, lecture
// 8): counters, registers, sets, a map, a text and a tree.
//
// The states of an Object are a join semilattice: Join is commutative, associative and idempotent, so replicas that have joined the
// same states are equal, in whatever order and how often they came. An update makes a delta, which is a small state, and joins it in
// (Almeida, Shoker and Baquero 2018). A replica can send its state, or deltas and joins of deltas, or the updates themselves: an update has the
// same effect at each replica that has what the update was made in view of.
//
// A caller names each update and says what it has seen, see ops.Update. It must not make an update at a replica that lacks some of that.
package datatypes
