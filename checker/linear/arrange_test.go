package linear

import (
	"math/rand/v2"
	"testing"
	"time"

	"faultline/checker"
)

// The walk finds two blocks that must precede each other exactly if a look at all pairs does, whichever
// way the blocks are sorted.
func TestArrangeFindsMutualBlocks(t *testing.T) {
	mutual := 0
	for seed := range uint64(100_000) {
		rng := rand.New(rand.NewPCG(seed, 13))
		n := 2 + rng.IntN(5)
		z := newZones(make([]item, n), n, nil, newClock(time.Minute), nil)
		at := rng.Perm(2 * n)
		spread := int32(1)
		if seed%2 == 0 {
			spread = 10_000 // too far apart for an array
		}
		for i := range n {
			b := zone{f: int32(at[2*i]) * spread, s: int32(at[2*i+1]) * spread, root: int32(i)}
			if rng.IntN(3) > 0 { // few blocks are in each other's way if most are short
				b.s = b.f + spread*int32(rng.IntN(3)-1)
			}
			z.blocks = append(z.blocks, b)
			z.levels[i] = level{producer: int32(i), next: none, first: b.f, reader: never, last: b.s}
		}
		want := checker.Valid
		for i, a := range z.blocks {
			for _, b := range z.blocks[:i] {
				if a.f < b.s && b.f < a.s {
					want = checker.Invalid
				}
			}
		}
		if unique(z.blocks) {
			if want == checker.Invalid {
				mutual++
			}
			if got := z.arrange(); got != want {
				t.Fatalf("seed %d: %v instead of %v for %v", seed, got, want, z.blocks)
			}
		}
	}
	if mutual < 1_500 {
		t.Errorf("only %d had such blocks", mutual)
	}
}

// unique reports whether no two events share a position, as is so in a history; a block may be one
// operation with an invocation and a return of its own.
func unique(blocks []zone) bool {
	seen := map[int32]bool{}
	for _, b := range blocks {
		if b.s < 0 || b.f < 0 || seen[b.f] || seen[b.s] || b.f == b.s {
			return false
		}
		seen[b.f], seen[b.s] = true, true
	}
	return true
}
