// Package ssi makes snapshot isolation serializable, as PostgreSQL does (Cahill, Röhm and Fekete 2008; Ports and Grittner 2012). It
// knows what transactions have read and written, and so which of two concurrent ones must come first: the reader of a version
// before the writer of the next, which is a read-write conflict T1 → T2. In every cycle there is a dangerous structure,
// T1 → T2 → T3 with T3 the first of the cycle to commit (Fekete et al. 2005). Who would complete one is told not to commit.
//
// It relies on snapshot isolation, which its caller provides: a transaction reads the versions that are committed at its snapshot,
// and of two concurrent ones that write a key one at most commits. Places in the order of commits are indices, and a snapshot is the
// index of the last commit that it has.
//
// A Graph has no lock of its own: its caller sees to it that one method runs at a time.
package ssi

import (
	"fmt"
	"slices"
	"strings"
)

// Owner is a transaction. A later one has a larger number.
type Owner uint64

// Graph is what concurrent transactions have read and written, and the conflicts between them.
type Graph struct {
	nodes     []*node // in the order in which they began; those that ended before all that are active began are dropped
	safe      uint64
	candidate *candidate
}

// node is a transaction.
type node struct {
	owner    Owner
	snapshot uint64
	reads    []string // keys
	scans    []string // prefixes
	writes   []string // keys
	in, out  []*node  // of read-write conflicts: who must come before it, and after it
	state    state
	index    uint64 // at which it is committed; of one without writes the last index at the time of its end
	// dropped is the least index of those after it that are no longer in the graph; 0 if there is none.
	dropped uint64
}

type state uint8

const (
	active state = iota
	allowed
	committed
)

// goes reports whether the transaction is committed, or may yet be without asking again.
func (n *node) goes() bool { return n.state != active }

// seenBy reports whether a snapshot certainly has what the transaction wrote.
func (n *node) seenBy(m *node) bool { return n.state == committed && n.index <= m.snapshot }

// before reports whether the transaction certainly had ended when another one began.
func (n *node) before(m *node) bool {
	if len(n.writes) == 0 {
		return n.state == committed && n.index < m.snapshot
	}
	return n.seenBy(m)
}

// Begin adds a transaction that has a snapshot.
func (g *Graph) Begin(o Owner, snapshot uint64) {
	g.nodes = append(g.nodes, &node{owner: o, snapshot: snapshot})
}

func (g *Graph) node(o Owner) *node {
	i := slices.IndexFunc(g.nodes, func(n *node) bool { return n.owner == o })
	return g.nodes[i]
}

// Read notes that a transaction has read a key from its snapshot.
func (g *Graph) Read(o Owner, key string) {
	n := g.node(o)
	n.reads = append(n.reads, key)
	g.before(n, func(written string) bool { return written == key })
}

// Scan notes that a transaction has read all keys with a prefix from its snapshot.
func (g *Graph) Scan(o Owner, prefix string) {
	n := g.node(o)
	n.scans = append(n.scans, prefix)
	g.before(n, func(written string) bool { return strings.HasPrefix(written, prefix) })
}

// before adds the conflicts of a reader with those whose writes it did not see.
func (g *Graph) before(reader *node, read func(string) bool) {
	for _, n := range g.nodes {
		if n != reader && !n.seenBy(reader) && slices.ContainsFunc(n.writes, read) {
			conflict(reader, n)
		}
	}
}

// Write notes that a transaction has written a key, which others see once it is committed.
func (g *Graph) Write(o Owner, key string) {
	n := g.node(o)
	n.writes = append(n.writes, key)
	for _, reader := range g.nodes {
		if reader != n && !reader.before(n) && reader.hasRead(key) {
			conflict(reader, n)
		}
	}
}

func (n *node) hasRead(key string) bool {
	return slices.Contains(n.reads, key) || slices.ContainsFunc(n.scans, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

func conflict(first, second *node) {
	if !slices.Contains(first.out, second) {
		first.out, second.in = append(first.out, second), append(second.in, first)
	}
}

// Danger is the error of a transaction that must not commit: of three in a dangerous structure the others are committed, or may be.
// First and Last may be one transaction.
type Danger struct {
	First, Pivot, Last Owner
	Forgotten          bool // who was last is not known any more
}

func (d *Danger) Error() string {
	if d.Forgotten {
		return fmt.Sprintf("dangerous structure of %d, %d and one that has long committed", d.First, d.Pivot)
	}
	return fmt.Sprintf("dangerous structure of %d, %d and %d", d.First, d.Pivot, d.Last)
}

// Allow says whether a transaction may commit. The error is a *Danger. After nil it counts as one that commits, until Aborted.
func (g *Graph) Allow(o Owner) error {
	n := g.node(o)
	if d := n.asFirst(); d != nil {
		return d
	}
	if d := n.asPivot(); d != nil {
		return d
	}
	n.state = allowed
	return nil
}

// asFirst finds a structure that the transaction would begin.
func (n *node) asFirst() *Danger {
	for _, pivot := range n.out {
		if !pivot.goes() {
			continue
		}
		if at := pivot.dropped; at > 0 && (pivot.state != committed || at < pivot.index) && n.couldSee(at) {
			return &Danger{First: n.owner, Pivot: pivot.owner, Forgotten: true}
		}
		for _, last := range pivot.out {
			if last.goes() && last.first(pivot) && (len(n.writes) > 0 || last.seenBy(n)) {
				return &Danger{First: n.owner, Pivot: pivot.owner, Last: last.owner}
			}
		}
	}
	return nil
}

// couldSee reports whether a commit at an index makes a structure dangerous that the transaction begins: of one that writes nothing
// only what it has seen does.
func (n *node) couldSee(index uint64) bool { return len(n.writes) > 0 || index <= n.snapshot }

// asPivot finds a structure in the middle of which the transaction would be.
func (n *node) asPivot() *Danger {
	for _, last := range n.out {
		if !last.goes() {
			continue
		}
		for _, first := range n.in {
			if first.goes() && last.comesLast(first) {
				return &Danger{First: first.owner, Pivot: n.owner, Last: last.owner}
			}
		}
	}
	return nil
}

// comesLast reports whether the transaction may be the first to commit of a structure that another one begins: of one that has only
// read, what it does not have in its snapshot has committed too late.
func (n *node) comesLast(first *node) bool {
	if len(first.writes) == 0 {
		return n.seenBy(first)
	}
	return n == first || n.first(first)
}

// first reports whether the transaction may have committed before another one.
func (n *node) first(other *node) bool {
	return n.state != committed || other.state != committed || n.index < other.index
}

// Committed notes at which index a transaction was committed that may commit. One that has written nothing has the last index that
// there is.
func (g *Graph) Committed(o Owner, index uint64) {
	n := g.node(o)
	n.state, n.index = committed, index
	g.ended(n)
	g.forget()
}

// Aborted takes a transaction out of the graph.
func (g *Graph) Aborted(o Owner) {
	n := g.node(o)
	g.drop(func(other *node) bool { return other == n })
	g.ended(n)
	g.forget()
}

// forget drops those that are concurrent with none that is active.
func (g *Graph) forget() {
	concurrent := func(n *node) bool {
		return slices.ContainsFunc(g.nodes, func(other *node) bool { return other.state != committed && !n.before(other) })
	}
	g.drop(func(n *node) bool { return n.state == committed && !concurrent(n) })
}

func (g *Graph) drop(which func(*node) bool) {
	g.nodes = slices.DeleteFunc(g.nodes, func(n *node) bool {
		if !which(n) {
			return false
		}
		same := func(m *node) bool { return m == n }
		for _, first := range n.in {
			first.out = slices.DeleteFunc(first.out, same)
			if n.state == committed && (first.dropped == 0 || n.index < first.dropped) {
				first.dropped = n.index
			}
		}
		for _, second := range n.out {
			second.in = slices.DeleteFunc(second.in, same)
		}
		return true
	})
}

// String shows the graph: a line for each transaction.
func (g *Graph) String() string {
	var b strings.Builder
	for _, n := range g.nodes {
		fmt.Fprintf(&b, "%d", n.owner)
		switch n.state {
		case allowed:
			b.WriteString(" may commit")
		case committed:
			fmt.Fprintf(&b, " committed at %d", n.index)
		}
		for _, second := range n.out {
			fmt.Fprintf(&b, " → %d", second.owner)
		}
		b.WriteString("\n")
	}
	return b.String()
}
