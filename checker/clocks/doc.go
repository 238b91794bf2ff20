// Package clocks judges clocks by what happened before what (Lamport 1978). Nodes record which messages they sent and received, in order, and what
// each of their clocks showed at these events (ops.Stamps). An event a happened before b (a → b) if both are of one node and a came first, if a
// sent the message that b received, or if there is an event between them.
//
//	lamport-clock    a → b implies L(a) < L(b)
//	hybrid-clock     a → b implies H(a) < H(b) (Kulkarni et al. 2014)
//	vector-clock     a → b exactly if V(a) < V(b) (Fidge 1988, Mattern 1989)
//	physical-clock   a → b implies that the node's own clock did not show less at b than at a: no store may count on it
//	stability        a node that starts again has had the same events, and all of them
//
// A message that was received before it was sent, as by the records of its nodes, breaks all but the last two, whatever the clocks showed.
//
// An implication holds of all pairs of events if it holds of those that are next to each other, as < is transitive. Of vectors the converse is
// judged too: that of each node the first event which did not happen before b is not before b by their vectors, either. Then no later one is.
//
// Where a history does not name nodes each process has one of its own.
//
// A message that was received, and whose sending nobody has read, makes vector clocks unknown. Without two events of which one happened before
// the other the answer is unknown.
package clocks
