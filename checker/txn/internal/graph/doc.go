// Package graph finds cycles among transactions: for each class of them a shortest one, or that there is none.
//
// The graph is Adya's direct serialization graph (Weak Consistency, 1999, section 4.4) with the orders of processes and of real time. Its
// edges between data come from a Relation. Those of real time, which are quadratic in number, are never made: all transactions that were
// invoked after an event come one after the other.
//
// A history that keeps strict serializability has no cycle at all, which peeling shows in linear time. What cannot be peeled is divided into
// strongly connected components, and each of them into those of the edges that a class allows. In these the cycles of a class are searched for
// breadth first, in the product of the graph and an automaton that tells the class of a walk. Elle (Kingsbury and Alvaro 2020) does the
// same, and gives up after a while; here the searches begin at few transactions that all cycles of the class must pass, and go no deeper than
// the shortest cycle that is known. A search that meets its bound on work all the same is reported as Unsearched.
package graph
