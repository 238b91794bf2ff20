package graph

import "faultline/checker/txn/models"

// Input is a relation together with when its transactions ran.
type Input struct {
	Relation
	Committed         []bool  // those that are part of the graph
	Process           []int32 // of each transaction
	Invoked, Returned []int32 // positions in the history; Invoked grows with the transaction, Returned is record.Never if it never ends
}

// Cycle is a cycle of transactions: each edge begins where the one before it ends, and the first one where the last one ends. No
// transaction comes twice. It is a shortest one of its anomaly among transactions that are all connected with each other.
type Cycle struct {
	Anomaly string // as models names it: "G-single-item-realtime"
	Edges   []Edge
	// Component is how many transactions are connected with those of the cycle, by edges of the kinds that the anomaly allows.
	Component int
}

// Class is a kind of cycle: an anomaly at a level.
type Class struct {
	Base  string // G0, G1c, G-single-item, G-single, G-nonadjacent-item, G-nonadjacent, G2-item or G2
	Level models.Level
}

// Anomaly is its name.
func (c Class) Anomaly() string { return c.Base + c.Level.Suffix() }

// Unsearched says that a class was not looked for everywhere, for want of work.
type Unsearched struct {
	Class     Class
	Component int   // the number of transactions in the component that was left
	First     int32 // the first of them
}

// LongFork reports whether a cycle is a long fork: two transactions each read one of two writes, and miss the other. (Bailis and others, Highly
// Available Transactions, 2013, and Sovran and others, Walter, 2011, which names it.)
func (c *Cycle) LongFork() bool {
	if len(c.Edges) != 4 {
		return false
	}
	first := 0
	if c.Edges[0].Kind != WR {
		first = 1
	}
	for i := range 4 {
		want := WR
		if i%2 == 1 {
			want = RW
		}
		if c.Edges[(first+i)%4].Kind != want {
			return false
		}
	}
	return true
}
