package exact

import "faultline/checker/txn/internal/scc"

// components numbers the strongly connected components of a relation of the nodes.
func (g *graph) components(successors func(node int32, to []int32) []int32) []int32 {
	component := make([]int32, len(g.out))
	count := int32(0)
	scc.Each(len(g.out), successors, func(nodes []int32) {
		for _, node := range nodes {
			component[node] = count
		}
		count++
	})
	return component
}

func (g *graph) successors(node int32, to []int32) []int32 {
	for i := g.out[node]; i != none; i = g.edges[i].nextOut {
		to = append(to, g.edges[i].to)
	}
	return to
}

// related are the successors of a node, and what it misses.
func (g *graph) related(node int32, to []int32) []int32 {
	for i := g.missed[node]; i != none; i = g.edges[i].nextOut {
		to = append(to, g.edges[i].to)
	}
	return g.successors(node, to)
}
