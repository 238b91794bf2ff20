package graph

import (
	"math/rand/v2"
	"testing"

	"faultline/checker/txn/models"
)

// BenchmarkComponent searches components of ten thousand transactions for all classes.
func BenchmarkComponent(b *testing.B) {
	const txns = 10_000
	for name, draw := range shapes {
		for _, level := range []models.Level{models.Data, models.Realtime} {
			b.Run("shape="+name+level.Suffix(), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, 1))
				var edges []Edge
				for t := range txns {
					edges = draw(r, t, txns, edges)
				}
				in := sessionsOf(txns, 20, r)
				in.Relation = NewExplicit(txns, 0, edges)
				for b.Loop() {
					if cycles, unsearched := Find(in, Classes(level), DefaultWork); len(cycles) == 0 || len(unsearched) > 0 {
						b.Fatalf("%v, not searched: %v", cycles, unsearched)
					}
				}
			})
		}
	}
}

// shapes add the edges of a transaction.
var shapes = map[string]func(r *rand.Rand, t, txns int, edges []Edge) []Edge{
	// One cycle of all.
	"ring": func(_ *rand.Rand, t, txns int, edges []Edge) []Edge {
		kind := WW
		if t%100 == 0 {
			kind = RW
		}
		return append(edges, Edge{int32(t), int32((t + 1) % txns), kind})
	},
	// Cycles of all classes and lengths.
	"random": func(r *rand.Rand, t, txns int, edges []Edge) []Edge {
		for range 4 {
			edges = append(edges, Edge{int32(t), r.Int32N(int32(txns)), Kind(r.IntN(4))})
		}
		return edges
	},
	// Each half is in order, and edges between them are rw: there is no G-single, which has to be seen from every rw.
	"halves": func(r *rand.Rand, t, txns int, edges []Edge) []Edge {
		half := txns / 2
		for range 2 {
			if to := t + 1 + r.IntN(50); to/half == t/half {
				edges = append(edges, Edge{int32(t), int32(to), Kind(r.IntN(2))})
			}
		}
		return append(edges, Edge{int32(t), int32(r.IntN(half) + (1-t/half)*half), RW})
	},
	// All cycles are of wr and rw in turn: there is no G2-item.
	"in turn": func(r *rand.Rand, t, txns int, edges []Edge) []Edge {
		half, kind := txns/2, WR
		if t >= half {
			kind = RW
		}
		for range 3 {
			edges = append(edges, Edge{int32(t), int32(r.IntN(half) + (1-t/half)*half), kind})
		}
		return edges
	},
}

// sessionsOf lets so many processes do transactions in turn, all at once.
func sessionsOf(txns, processes int, r *rand.Rand) *Input {
	in := &Input{}
	for t := range txns {
		invoked := t * 2 * processes
		in.Committed, in.Process = append(in.Committed, true), append(in.Process, int32(t%processes))
		in.Invoked = append(in.Invoked, int32(invoked))
		in.Returned = append(in.Returned, int32(invoked+2*processes*(processes-1)+1+r.IntN(processes)))
	}
	return in
}
