package ssi

import "slices"

// A snapshot is safe if it can be read without being in the graph (Ports and Grittner 2012, 4.2): no transaction that it does not have
// comes in the serial order before one that it has. Whether it is shows when all have ended that were active when it was taken.
//
// Not every snapshot is: T1 reads x before T2 writes it, and commits after T2. Who reads a snapshot between the two sees T2 without
// T1, although T1 comes first (Fekete, O'Neil and O'Neil 2004).

// candidate is a snapshot of which it is not known yet.
type candidate struct {
	index   uint64
	waiting []*node // who was active when it was taken, and still is
}

// Safe returns the latest snapshot that is known to be safe, of those that it was called with; 0 if none is. It is called with the last
// index, at which a snapshot could be taken now.
func (g *Graph) Safe(last uint64) uint64 {
	if g.candidate == nil {
		g.candidate = &candidate{index: last}
		for _, n := range g.nodes {
			if n.state != committed {
				g.candidate.waiting = append(g.candidate.waiting, n)
			}
		}
	}
	g.settle()
	return g.safe
}

// ended looks what the end of a transaction means for the candidate.
func (g *Graph) ended(n *node) {
	c := g.candidate
	if c == nil {
		return
	}
	if n.state == committed && slices.Contains(c.waiting, n) && n.comesBefore(c.index) {
		g.candidate = nil
		return
	}
	c.waiting = slices.DeleteFunc(c.waiting, func(m *node) bool { return m == n })
	g.settle()
}

// comesBefore reports whether a transaction comes in the serial order before one that a snapshot has.
func (n *node) comesBefore(index uint64) bool {
	return n.dropped > 0 && n.dropped <= index ||
		slices.ContainsFunc(n.out, func(m *node) bool { return m.goes() && (m.state != committed || m.index <= index) })
}

func (g *Graph) settle() {
	if c := g.candidate; c != nil && len(c.waiting) == 0 {
		g.safe, g.candidate = c.index, nil
	}
}
