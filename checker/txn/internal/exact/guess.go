package exact

import (
	"cmp"
	"slices"

	"faultline/checker/txn/internal/wr"
)

// moment is when a node may be expected to come: where it is not known, transactions are taken to be in the order of the history.
func (p *problem) moment(node int32) int64 {
	t := p.transaction(node)
	switch {
	case t == none:
		return 0
	case p.h.End == nil:
		return int64(t)
	case p.level.split() && node == p.begin(t):
		return p.h.Begin[t]
	case p.h.End[t] == wr.Never:
		return p.h.Begin[t]
	default:
		return p.h.End[t]
	}
}

// guess ranks transactions as they are in the graph of what is known.
func (p *problem) guess(g *graph) []int64 {
	rank := make([]int64, p.h.Len())
	for t := range rank {
		rank[t] = int64(g.place[p.commit(int32(t))])
	}
	return rank
}

// try orders the versions of each key by rank. It tells whether the graph has no cycle then, which shows that the history is valid. Otherwise it
// leaves the graph as it was: this order is not the one. Each version is linked to the next one, which does not tell what is seen directly.
func (p *problem) try(g *graph, rank []int64) bool {
	if g.direct {
		return false
	}
	edges, place := len(g.edges), slices.Clone(g.place)
	var order []int32
	for key := range int32(p.h.Keys) {
		order = order[:0]
		for i := p.versions.First[key]; i < p.versions.First[key+1]; i++ {
			order = append(order, i)
		}
		slices.SortStableFunc(order, func(i, j int32) int {
			return cmp.Compare(rank[p.versions.Writer[i]], rank[p.versions.Writer[j]])
		})
		for i := 1; i < len(order); i++ {
			p.linkVersions(g, order[i-1], order[i], key)
		}
	}
	if g.acyclic(p.moment) {
		if cycle, done := p.sighted(g); cycle == nil && done {
			return true
		}
	}
	g.unlink(edges)
	g.place = place
	return false
}

// linkVersions adds that a version is the next one after another.
func (p *problem) linkVersions(g *graph, version, next, key int32) {
	writer, overwriter := p.versions.Writer[version], p.versions.Writer[next]
	g.link(edge{from: p.commit(writer), to: p.overwriting(overwriter), why: overwrote, lit: certain, key: key})
	for _, r := range p.versions.Readers(version) {
		if e, ok := p.anti(r, p.commit(overwriter), certain, key); ok && r != overwriter {
			g.link(e)
		}
	}
}
