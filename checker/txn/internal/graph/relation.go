package graph

// Relation is what the data of a history says of the order of its transactions. It may be all that can be known (as for lists) or less (as
// for registers, whose versions are ordered in part).
//
// Its nodes are the transactions 0 to Txns-1, and behind them hubs. A hub stands for an edge from each transaction before it to each one
// behind it, where the edges themselves would be too many: all that read the last known version of a key come before all that wrote the key
// later. The arc into the hub has the kind of these edges; that of arcs out of it does not matter. From
// a hub that leads to another one all are reached that are behind that.
type Relation interface {
	Txns() int
	Hubs() int
	// Out appends the arcs that leave a node, in an order that is the same each time. An arc may come twice. It must be safe for use by
	// several goroutines.
	Out(node int32, arcs []Arc) []Arc
}

// Arc is an edge without its beginning.
type Arc struct {
	To   int32
	Kind Kind
}

// Edge is a reason why From comes before To, both transactions. Why it is there (of which key, which writes) is found again from the
// record, by whoever made the relation.
type Edge struct {
	From, To int32
	Kind     Kind
}

// Explicit is a Relation made of single edges.
type Explicit struct {
	txns, hubs int
	start      []int32
	arcs       []Arc
}

// Txns implements Relation.
func (e *Explicit) Txns() int { return e.txns }

// Hubs implements Relation.
func (e *Explicit) Hubs() int { return e.hubs }

// Out implements Relation.
func (e *Explicit) Out(node int32, arcs []Arc) []Arc {
	return append(arcs, e.arcs[e.start[node]:e.start[node+1]]...)
}

// NewExplicit makes a relation of edges. The beginning and the end of an edge may be a hub: txns, txns+1 and so on. Edges from a node to
// itself are left out. The arcs of a node are in the order of the edges.
func NewExplicit(txns, hubs int, edges []Edge) *Explicit {
	e := &Explicit{txns: txns, hubs: hubs, start: make([]int32, txns+hubs+1)}
	for _, x := range edges {
		if x.From != x.To {
			e.start[x.From+1]++
		}
	}
	for n := range txns + hubs {
		e.start[n+1] += e.start[n]
	}
	e.arcs = make([]Arc, e.start[txns+hubs])
	next := append([]int32(nil), e.start[:txns+hubs]...)
	for _, x := range edges {
		if x.From != x.To {
			e.arcs[next[x.From]] = Arc{x.To, x.Kind}
			next[x.From]++
		}
	}
	return e
}
