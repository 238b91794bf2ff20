package scc_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"faultline/checker/txn/internal/scc"
)

// Two nodes are in one component if and only if each leads to the other, and a component comes after all that it leads to.
func TestAgainstReachability(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 1 + r.IntN(8)
		edges := make([][]int32, n)
		for range r.IntN(2 * n) {
			from := r.IntN(n)
			edges[from] = append(edges[from], int32(r.IntN(n)))
		}
		component, found := make([]int, n), 0
		scc.Each(n, func(node int32, to []int32) []int32 { return append(to, edges[node]...) }, func(nodes []int32) {
			found++
			for _, node := range nodes {
				component[node] = found
			}
		})
		for a := range int32(n) {
			for b := range int32(n) {
				forth, back := leads(edges, a, b), leads(edges, b, a)
				if same := component[a] == component[b]; same != (forth && back) {
					t.Fatalf("seed %d: %d and %d of %v are in the components %d and %d", seed, a, b, edges, component[a], component[b])
				}
				if forth && component[b] > component[a] {
					t.Fatalf("seed %d: %d leads to %d in %v, and came first", seed, a, b, edges)
				}
			}
		}
	}
}

func leads(edges [][]int32, from, to int32) bool {
	reached := []int32{from}
	for i := 0; i < len(reached); i++ {
		for _, next := range edges[reached[i]] {
			if !slices.Contains(reached, next) {
				reached = append(reached, next)
			}
		}
	}
	return slices.Contains(reached, to)
}
