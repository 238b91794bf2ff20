// Package order judges what nodes deliver that broadcast messages to each other, by what clients broadcast at each node and read of what it
// has delivered (package ops says how). The properties are those of Hadzilacos and Toueg (1994) and of Cachin, Guerraoui and Rodrigues (2011):
//
//	no-creation      a node delivers only what was broadcast, and not before it was
//	no-duplication   a node delivers a message at most once
//	stability        a node that starts again delivers the same messages in the same order, and in the end all of them
//	validity         in the end every node has delivered what a node broadcast
//	agreement        in the end every node has delivered what any node has
//	fifo-order       a node delivers no message without those that its sender had broadcast before it
//	causal-order     nor without those that its sender had delivered before it
//	total-order      what any node delivers as its n-th message is every node's n-th message
//
// A model is some of them: see Models. Total order is the uniform one without gaps, which agreement and Lamport's and Kleppmann's definition of it
// imply: two nodes never differ, whatever became of them since.
//
// What a node had delivered when it broadcast a message is as many of its deliveries, from the first on, as it said then; earlier broadcasts
// of the same node are those that had returned. Of a broadcast whose outcome is unknown nothing follows but that it may be delivered.
//
// In the model of crash-recovery a node that starts again is as good as one that never died, so each acknowledged message is to be
// delivered. Best-effort broadcast does not promise that: what a node broadcast that died later is not judged by validity, and where no report says
// who died it is unknown.
//
// Nothing is judged of nodes that the system says lied (report.Report.Byzantine), nor of their messages but that honest nodes agree on them.
//
// Where a history does not name nodes each process has one of its own.
//
// Each message must be broadcast once in a history. A node that nobody could read in the end makes validity and agreement unknown.
package order
