// Package logical has the logical clocks: Lamport's, vector clocks and hybrid logical clocks. A store stamps its events and
// messages with them. They say what happened before what, which no physical clock can.
//
// An event a happened before b (a → b) if both are of one node and a came first, if a sent the message that b received, or if there
// is an event between them (Lamport 1978). Of each clock C it holds that a → b implies C(a) < C(b). Of vector clocks the converse holds too.
package logical
