package exact

import (
	"math/rand/v2"
	"slices"
	"testing"

	"faultline/checker"
	"faultline/checker/txn/internal/wr"
)

// arbitration is an order of all transactions that writes and reads of them follow. It gives the order of the versions.
type arbitration struct {
	h     *wr.History
	order []int32
	at    []int // of each transaction in the order
}

// weaker are the levels that are defined here, each by what it asks of an arbitration.
var weaker = map[Level]func(a arbitration) bool{
	Prefix:             arbitration.prefixes,
	UpdateSerializable: arbitration.updates,
	ConsistentView:     func(a arbitration) bool { return a.misses(a.reach(func(int32) bool { return true }, false)) },
	UpdateAtomic:       func(a arbitration) bool { return a.misses(a.depends) },
	MonotonicView:      arbitration.monotonic,
	CursorStability:    arbitration.cursors,
}

// writes tells whether a transaction writes a key.
func (a arbitration) writes(t, key int32) bool {
	return slices.Contains(a.h.Of(t), wr.Event{Key: key, From: wr.Write})
}

// replaced tells whether u wrote a version behind the one that an event read.
func (a arbitration) replaced(e wr.Event, u int32) bool {
	return !e.IsWrite() && a.writes(u, e.Key) && (e.From == wr.Initial || a.at[u] > a.at[e.From])
}

// forward tells whether all reads are of what comes before.
func (a arbitration) forward() bool {
	for t := range int32(a.h.Len()) {
		for _, e := range a.h.Of(t) {
			if e.From >= 0 && a.at[e.From] > a.at[t] {
				return false
			}
		}
	}
	return true
}

// depends tells whether t read from u or overwrote it.
func (a arbitration) depends(u, t int32) bool {
	return slices.ContainsFunc(a.h.Of(t), func(e wr.Event) bool {
		return e.From == u || e.IsWrite() && a.writes(u, e.Key) && a.at[u] < a.at[t]
	})
}

// anti tells whether u overwrote what t read.
func (a arbitration) anti(t, u int32) bool {
	return t != u && slices.ContainsFunc(a.h.Of(t), func(e wr.Event) bool { return a.replaced(e, u) })
}

// reach tells of two transactions whether dependencies of some lead from one to the other; with anti-dependencies too, if asked.
func (a arbitration) reach(among func(int32) bool, antis bool) func(from, to int32) bool {
	n := int32(a.h.Len())
	reached := make([][]bool, n)
	for i := range n {
		reached[i] = make([]bool, n)
		for k := range n {
			reached[i][k] = i != k && among(i) && among(k) && (a.depends(i, k) || antis && a.anti(i, k))
		}
	}
	for via := range n {
		for i := range n {
			for k := range n {
				reached[i][k] = reached[i][k] || reached[i][via] && reached[via][k]
			}
		}
	}
	return func(from, to int32) bool { return reached[from][to] }
}

// misses tells whether nobody sees what it misses.
func (a arbitration) misses(seen func(u, t int32) bool) bool {
	for t := range int32(a.h.Len()) {
		for u := range int32(a.h.Len()) {
			if a.anti(t, u) && seen(u, t) {
				return false
			}
		}
	}
	return true
}

func (a arbitration) updates() bool {
	writes := func(t int32) bool { return slices.ContainsFunc(a.h.Of(t), wr.Event.IsWrite) }
	for t := range int32(a.h.Len()) {
		reach := a.reach(func(u int32) bool { return u == t || writes(u) }, true)
		for u := range int32(a.h.Len()) {
			if reach(u, u) {
				return false
			}
		}
	}
	return true
}

func (a arbitration) prefixes() bool {
	for t := range int32(a.h.Len()) {
		fits := func(prefix int) bool {
			return !slices.ContainsFunc(a.h.Of(t), func(e wr.Event) bool {
				return e.From >= 0 && a.at[e.From] >= prefix || slices.ContainsFunc(a.order[:prefix], func(u int32) bool { return a.replaced(e, u) })
			})
		}
		some := false
		for prefix := range a.at[t] + 1 {
			some = some || fits(prefix)
		}
		if !some {
			return false
		}
	}
	return true
}

func (a arbitration) monotonic() bool {
	sees := make([]map[int32]bool, a.h.Len())
	for _, t := range a.order {
		sees[t] = map[int32]bool{}
		see := func(u int32) {
			sees[t][u] = true
			for v := range sees[u] {
				sees[t][v] = true
			}
		}
		for _, e := range a.h.Of(t) {
			for u := range sees[t] {
				if u != t && a.replaced(e, u) {
					return false
				}
			}
			if e.From >= 0 {
				see(e.From)
			}
			for u := range int32(a.h.Len()) {
				if e.IsWrite() && a.writes(u, e.Key) && a.at[u] < a.at[t] {
					see(u)
				}
			}
		}
	}
	return true
}

func (a arbitration) cursors() bool {
	for t := range int32(a.h.Len()) {
		for _, e := range a.h.Of(t) {
			for u := range int32(a.h.Len()) {
				if a.writes(t, e.Key) && a.replaced(e, u) && a.at[u] < a.at[t] {
					return false
				}
			}
		}
	}
	return true
}

// some tries every order of the transactions.
func some(h *wr.History, keeps func(a arbitration) bool) bool {
	a := arbitration{h: h, at: make([]int, h.Len())}
	var try func() bool
	try = func() bool {
		if len(a.order) == h.Len() {
			for i, t := range a.order {
				a.at[t] = i
			}
			return a.forward() && keeps(a)
		}
		for t := range int32(h.Len()) {
			if slices.Contains(a.order, t) {
				continue
			}
			a.order = append(a.order, t)
			if try() {
				return true
			}
			a.order = a.order[:len(a.order)-1]
		}
		return false
	}
	return try()
}

// The levels below snapshot isolation are decided as every order of the transactions has it, and what is said of an invalid history holds.
func TestWeakerLevels(t *testing.T) { weakerLevels(t, 0, 400) }

func weakerLevels(t *testing.T, first, end uint64) {
	for level, keeps := range weaker {
		count := map[checker.Validity]int{}
		for seed := first; seed < end; seed++ {
			r := rand.New(rand.NewPCG(seed, 9))
			h := random(r, 3+r.IntN(3), 3, 1+r.IntN(3), 4)
			got := Check(h, level, Options{})
			if want := some(h, keeps); got.Validity == checker.Unknown || want != (got.Validity == checker.Valid) {
				t.Fatalf("seed %d: %v is %v, by all orders %t\n%+v", seed, level, got.Validity, want, h)
			}
			if got.Validity == checker.Invalid {
				if some(subset(h, got.Core), keeps) {
					t.Fatalf("seed %d: %v: the core %v has an order", seed, level, got.Core)
				}
				if err := verifyProof(h, level, Options{}, got.Proof, map[[2]int32]bool{}); err != nil {
					t.Fatalf("seed %d: %v: %v", seed, level, err)
				}
			}
			if order := claimedOrder(r, h); Confirms(h, level, Options{}, order) && got.Validity != checker.Valid {
				t.Fatalf("seed %d: %v is confirmed and does not hold", seed, level)
			}
			count[got.Validity]++
		}
		t.Logf("%v: %v", level, count)
		if n := int(end-first) / 20; count[checker.Valid] < n || count[checker.Invalid] < n {
			t.Errorf("%v: %v is too few of one kind", level, count)
		}
	}
}

// claimedOrder is whatever a store may claim.
func claimedOrder(r *rand.Rand, h *wr.History) []int64 {
	rank := make([]int64, h.Len())
	for i := range rank {
		rank[i] = int64(r.IntN(h.Len()))
	}
	return rank
}
