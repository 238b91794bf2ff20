package graph

import "faultline/checker/txn/models"

// peeling takes nodes away that are on no cycle because nothing that is left comes before them (Kahn 1962). It takes linear time and
// needs no edges of real time: a transaction is free of those once all that are left return after its invocation.
type peeling struct {
	in        *Input
	incoming  []int32 // of each node, arcs from nodes that are left
	left      []bool  // of each node
	remaining int     // how many are left
	queue     []int32 // what was taken, or is about to be
	arcs      []Arc
	next      []int32 // see Input.sessions; nil if sessions do not matter
	ends      []int32 // transactions in order of their completion; those that are left begin at end
	end       int
	free      int32 // transactions before this one were invoked before any that is left had returned
}

// peel returns the nodes that may be on a cycle; nil if there is no cycle.
func peel(in *Input, level models.Level) (left []bool) {
	p := newPeeling(in, level)
	p.takeAll()
	if p.remaining == 0 {
		return nil
	}
	return p.left
}

func newPeeling(in *Input, level models.Level) *peeling {
	p := &peeling{in: in, incoming: make([]int32, in.nodes()), left: make([]bool, in.nodes())}
	p.count()
	p.queue = make([]int32, 0, p.remaining)
	switch level {
	case models.Data:
		p.free = int32(in.Txns())
	case models.Process:
		p.free = int32(in.Txns())
		p.orderSessions()
	case models.Realtime:
		p.ends = completions(in)
	}
	for node := range in.nodes() {
		if p.left[node] && p.incoming[node] == 0 && (node >= in.Txns() || int32(node) < p.free) {
			p.queue = append(p.queue, int32(node))
		}
	}
	p.release()
	return p
}

// takeAll takes nodes away until each that is left has another before it.
func (p *peeling) takeAll() {
	for i := 0; i < len(p.queue); i++ {
		p.take(p.queue[i])
	}
	p.queue = p.queue[:0]
}

// count finds which nodes there are, and their incoming arcs.
func (p *peeling) count() {
	for node := range p.in.nodes() {
		if node < p.in.Txns() && !p.in.Committed[node] {
			continue
		}
		p.left[node] = true
		p.remaining++
		p.arcs = p.in.Out(int32(node), p.arcs[:0])
		for _, a := range p.arcs {
			p.incoming[a.To]++
		}
	}
}

func (p *peeling) orderSessions() {
	p.next = p.in.sessions()
	for _, t := range p.next {
		if t >= 0 {
			p.incoming[t]++
		}
	}
}

// take takes a node away.
func (p *peeling) take(node int32) {
	p.left[node] = false
	p.remaining--
	p.arcs = p.in.Out(node, p.arcs[:0])
	for _, a := range p.arcs {
		p.without(a.To)
	}
	if node >= int32(p.in.Txns()) {
		return
	}
	if p.next != nil && p.next[node] >= 0 {
		p.without(p.next[node])
	}
	if p.end < len(p.ends) && p.ends[p.end] == node {
		p.release()
	}
}

// without takes away an arc to a node.
func (p *peeling) without(node int32) {
	p.incoming[node]--
	if p.incoming[node] == 0 && p.left[node] && (node >= int32(p.in.Txns()) || node < p.free) {
		p.queue = append(p.queue, node)
	}
}

// release frees transactions that were invoked before the first of those that are left returned.
func (p *peeling) release() {
	for p.end < len(p.ends) && !p.left[p.ends[p.end]] {
		p.end++
	}
	first := int32(Never)
	if p.end < len(p.ends) {
		first = p.in.Returned[p.ends[p.end]]
	}
	for ; p.free < int32(p.in.Txns()) && p.in.Invoked[p.free] < first; p.free++ {
		if p.left[p.free] && p.incoming[p.free] == 0 {
			p.queue = append(p.queue, p.free)
		}
	}
}

// completions are the transactions of the graph that are known to have ended, in the order in which they did.
func completions(in *Input) []int32 {
	last := int32(0)
	ended := 0
	for t, at := range in.Returned {
		if in.Committed[t] && at < Never {
			last = max(last, at)
			ended++
		}
	}
	at := make([]int32, last+1) // positions of events → one more than the transaction
	for t, returned := range in.Returned {
		if in.Committed[t] && returned < Never {
			at[returned] = int32(t) + 1
		}
	}
	ends := at[:0]
	for _, t := range at {
		if t > 0 {
			ends = append(ends, t-1)
		}
	}
	return ends
}
