package graph

// part is the graph of some nodes of an input, numbered anew in the same order, with edges of some kinds.
type part struct {
	Input
	arcs   *Explicit
	origin []int32 // of each node, its number in the input
	later  []int32 // of each transaction, what Input.after says
	next   []int32 // of each transaction, what Input.sessions says
}

// newPart makes the part of an input that has these nodes, which are in order.
func newPart(in *Input, nodes []int32, kinds Kinds) *part {
	p := &part{Input: Input{Stop: in.Stop}, origin: nodes}
	number := numbering(in, nodes)
	txns := 0
	for txns < len(nodes) && nodes[txns] < int32(in.Txns()) {
		t := nodes[txns]
		p.Committed = append(p.Committed, true)
		p.Process = append(p.Process, in.Process[t])
		p.Invoked = append(p.Invoked, in.Invoked[t])
		p.Returned = append(p.Returned, in.Returned[t])
		txns++
	}
	p.arcs = &Explicit{txns: txns, hubs: len(nodes) - txns, start: make([]int32, 1, len(nodes)+1)}
	var arcs []Arc
	for i, node := range nodes {
		arcs = in.Out(node, arcs[:0])
		for _, a := range arcs {
			if to := number(a.To); to >= 0 && (i >= txns || kinds.Has(a.Kind)) {
				p.arcs.arcs = append(p.arcs.arcs, Arc{to, a.Kind})
			}
		}
		p.arcs.start = append(p.arcs.start, int32(len(p.arcs.arcs)))
	}
	p.Relation = p.arcs
	p.later = make([]int32, txns)
	for t := range p.later {
		p.later[t] = p.after(int32(t))
	}
	p.next = p.sessions()
	return p
}

// numbering tells the number of each node in a part; -1 if it is not in it.
func numbering(in *Input, nodes []int32) func(node int32) int32 {
	if len(nodes) < in.nodes()/8 {
		known := make(map[int32]int32, len(nodes))
		for i, node := range nodes {
			known[node] = int32(i) + 1
		}
		return func(node int32) int32 { return known[node] - 1 }
	}
	known := make([]int32, in.nodes())
	for i, node := range nodes {
		known[node] = int32(i) + 1
	}
	return func(node int32) int32 { return known[node] - 1 }
}

// of are the arcs of a node.
func (e *Explicit) of(node int32) []Arc { return e.arcs[e.start[node]:e.start[node+1]] }

// kinds are the kinds of edges that there are.
func (p *part) kinds() Kinds {
	var s Kinds
	for node := range int32(p.Txns()) {
		for _, a := range p.arcs.of(node) {
			s |= 1 << a.Kind
		}
		if p.next[node] >= 0 {
			s |= KindsOf(Process)
		}
		if p.later[node] < int32(p.Txns()) {
			s |= KindsOf(Realtime)
		}
	}
	return s
}
