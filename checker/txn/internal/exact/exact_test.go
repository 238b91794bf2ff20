package exact

import (
	"math/rand/v2"
	"testing"

	"faultline/checker"
	"faultline/checker/txn/internal/wr"
)

var settings = []Options{{}, {Sessions: true}, {RealTime: true}}

// verify holds an answer to the history: a valid one by its order, an invalid one by its proof.
func verify(t *testing.T, seed uint64, h *wr.History, level Level, o Options, got *Result) {
	t.Helper()
	switch got.Validity {
	case checker.Valid:
		if err := verifyOrder(h, level, o, got.Order); err != nil {
			t.Fatalf("seed %d: %v %+v: by %v: %v\n%v", seed, level, o, got.By, err, h)
		}
	case checker.Invalid:
		if newStoreOf(h, level, o, got.Core).possible() {
			t.Fatalf("seed %d: %v %+v: the core %v has an order", seed, level, o, got.Core)
		}
		for i := range got.Core {
			rest := append(append([]int32(nil), got.Core[:i]...), got.Core[i+1:]...)
			if !newStoreOf(h, level, o, rest).possible() {
				t.Fatalf("seed %d: %v %+v: %d is not needed in the core %v", seed, level, o, got.Core[i], got.Core)
			}
		}
		if got.Proof == nil {
			t.Fatalf("seed %d: no proof for %v", seed, got.Core)
		}
		if err := verifyProof(h, level, o, got.Proof, map[[2]int32]bool{}); err != nil {
			t.Fatalf("seed %d: %v %+v: %v", seed, level, o, err)
		}
	default:
		t.Fatalf("seed %d: %v %+v: %s", seed, level, o, got.Bound)
	}
}

func newStoreOf(h *wr.History, level Level, o Options, transactions []int32) *store {
	return newStore(subset(h, transactions), level, o)
}

func TestAgainstAllOrders(t *testing.T) {
	count := map[checker.Validity]int{}
	by := map[Stage]int{}
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 1))
		var h *wr.History
		if r.IntN(3) > 0 {
			h = stored(r, SnapshotIsolation, 2+r.IntN(5), 2+r.IntN(3), 1+r.IntN(3), 4, r.IntN(4))
		} else {
			h = random(r, 2+r.IntN(4), 3, 1+r.IntN(3), 4)
		}
		if err := h.Check(); err != nil {
			t.Fatal(err)
		}
		for _, level := range []Level{SnapshotIsolation, Serializable} {
			for _, o := range settings {
				got := Check(h, level, o)
				verify(t, seed, h, level, o, got)
				if want := newStore(h, level, o).possible(); want != (got.Validity == checker.Valid) {
					t.Fatalf("seed %d: %v %+v is %v, by all orders %t\n%+v", seed, level, o, got.Validity, want, h)
				}
				count[got.Validity]++
				by[got.By]++
			}
		}
	}
	t.Log(count, by)
}
