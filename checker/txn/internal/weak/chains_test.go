package weak

import (
	"math/rand/v2"
	"testing"

	"faultline/checker/txn/internal/wr"
)

// Chains are paths, and what is inferred along them decides as what is inferred along sessions does.
func TestChains(t *testing.T) {
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 8))
		h := replicated(r, 60, 1+r.IntN(20), 1+r.IntN(20), 5, seed%2 == 0)
		if seed%3 == 0 { // nobody has a session
			for i := range h.Session {
				h.Session[i] = int32(i)
			}
		}
		want := Check(h, Causal, nil)
		along := newRelation(h, nil)
		components := along.components()
		if len(components.cyclic) > 0 {
			continue
		}
		chained := newChaining(along)
		for _, x := range components.order {
			chained.place(x)
		}
		chains := chained.chains(components.order)
		verifyPaths(t, along, chains)
		along.inferAlong(chains, components.order)
		along.arrange()
		if valid := len(along.stale) == 0 && len(along.components().cyclic) == 0; valid != want.Valid() {
			t.Fatalf("seed %d: %t along chains, %t along sessions\n%v", seed, valid, want.Valid(), h)
		}
	}
}

// verifyPaths holds that each transaction of a chain leads to the next one.
func verifyPaths(t *testing.T, r *relation, c chains) {
	for chain := range c.len() {
		members := c.members[c.first[chain]:c.first[chain+1]]
		for i := 1; i < len(members); i++ {
			if !leads(r, members[i-1], members[i]) {
				t.Fatalf("nothing leads from %d to %d, which follows it on a chain", members[i-1], members[i])
			}
		}
	}
}

func leads(r *relation, from, to int32) bool {
	seen, queue := map[int32]bool{}, []int32{to}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		for _, p := range r.predecessors(t, nil) {
			if p == from {
				return true
			}
			if !seen[p] {
				seen[p] = true
				queue = append(queue, p)
			}
		}
	}
	return false
}

// Sessions that are over cost nothing: time per transaction does not grow with their number.
func BenchmarkDeadSessions(b *testing.B) {
	const transactions = 100_000
	for _, c := range []struct {
		name string
		each int // how many transactions a session has
	}{{"sessions=100", transactions}, {"sessions=10000", 10}, {"sessions=100000", 1}} {
		h := lagging(1, transactions, 100, 10_000, 20, 300)
		ended(h, c.each)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r := Check(h, Causal, nil); !r.Valid() {
					b.Fatal(r.Violations[0])
				}
			}
			b.ReportMetric(float64(transactions)*float64(b.N)/b.Elapsed().Seconds(), "txn/s")
		})
	}
}

// ended ends each session after so many transactions, and begins another one in its place.
func ended(h *wr.History, each int) {
	next := int32(h.Sessions())
	count, now := map[int32]int{}, map[int32]int32{}
	for t, s := range h.Session {
		if count[s]%each == 0 && count[s] > 0 {
			now[s] = next
			next++
		}
		count[s]++
		if n, renamed := now[s]; renamed {
			h.Session[t] = n
		}
	}
}
