package weak

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"faultline/checker/txn/internal/wr"
)

var levels = []Level{ReadCommitted, ReadAtomic, Causal}

// verify holds a result to the definition: the order of a valid history, or that each edge of a cycle is what it says.
func verify(h *wr.History, level Level, got *Result) error {
	if err := h.Check(); err != nil {
		return err
	}
	if got.Valid() {
		if !holds(h, level, got.Order) {
			return fmt.Errorf("%v: %v is no commit order", level, got.Order)
		}
		return nil
	}
	for _, v := range got.Violations {
		for i := range v.Cycle {
			e, next := &v.Cycle[i], v.Cycle[(i+1)%len(v.Cycle)]
			if e.To != next.From {
				return fmt.Errorf("%v: %v is no cycle", level, v)
			}
			if err := verifyEdge(h, level, e); err != nil {
				return fmt.Errorf("%v: %v: %w", level, v, err)
			}
		}
		if len(v.Cycle) < 2 || v.Anomaly == "" {
			return fmt.Errorf("%v: %v", level, v)
		}
	}
	return nil
}

func verifyEdge(h *wr.History, level Level, e *Edge) error {
	switch e.Why {
	case Start:
		if e.From == wr.Initial {
			return nil
		}
	case Session:
		if h.Session[e.From] == h.Session[e.To] && e.From < e.To {
			return nil
		}
	case WriteRead:
		for _, x := range h.Of(e.To) {
			if x == (wr.Event{Key: e.Key, From: e.From}) {
				return nil
			}
		}
	case Overwritten:
		return verifyOverwritten(h, level, e)
	}
	return fmt.Errorf("edge %+v is wrong", *e)
}

func verifyOverwritten(h *wr.History, level Level, e *Edge) error {
	if e.Seen[0] != e.From || !writes(h, e.From, e.Key) {
		return fmt.Errorf("edge %+v: what was seen does not write the key", *e)
	}
	for i, x := range h.Of(e.Reader()) {
		if x == (wr.Event{Key: e.Key, From: e.To}) && sees(h, level, e.Reader(), i)[e.From] {
			return nil
		}
	}
	return fmt.Errorf("edge %+v: no read is a reason", *e)
}

func TestAgainstAllOrders(t *testing.T) {
	valid, invalid := map[Level]int{}, map[Level]int{}
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 2 + r.IntN(5)
		var h *wr.History
		if r.IntN(2) == 0 {
			h = random(r, n, 1+r.IntN(4), 1+r.IntN(3), 1+r.IntN(4))
		} else {
			h = replicated(r, n, 1+r.IntN(4), 1+r.IntN(3), 1+r.IntN(4), r.IntN(2) == 0)
		}
		for _, level := range levels {
			got := Check(h, level, nil)
			if err := verify(h, level, got); err != nil {
				t.Fatalf("seed %d: %v\n%v", seed, err, h)
			}
			if want := possible(h, level); got.Valid() != want {
				t.Fatalf("seed %d: %v is %t, by all orders %t\n%v", seed, level, got.Valid(), want, h)
			}
			if got.Valid() {
				valid[level]++
			} else {
				invalid[level]++
			}
		}
	}
	for _, level := range levels {
		if valid[level] < 2000 || invalid[level] < 2000 {
			t.Errorf("%v: %d valid and %d invalid histories are too few of one kind", level, valid[level], invalid[level])
		}
	}
}

// More sessions than are looked at together, and histories too large for all orders: their results are held to the definition.
func TestManySessions(t *testing.T) {
	invalid := 0
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 2))
		h := replicated(r, 200, 1+r.IntN(60), 1+r.IntN(40), 6, seed%2 == 0)
		for _, level := range levels {
			got := Check(h, level, nil)
			if err := verify(h, level, got); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if !got.Valid() {
				invalid++
				if seed%2 == 1 {
					t.Fatalf("seed %d: a causal history is not %v: %v", seed, level, got.Violations)
				}
			}
		}
	}
	if invalid < 20 {
		t.Errorf("only %d results were invalid", invalid)
	}
}

// A level that holds implies the weaker ones.
func TestLevelsAreNested(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 3))
		h := replicated(r, 30, 4, 5, 4, true)
		for i := 1; i < len(levels); i++ {
			if Check(h, levels[i], nil).Valid() && !Check(h, levels[i-1], nil).Valid() {
				t.Fatalf("seed %d: %v without %v", seed, levels[i], levels[i-1])
			}
		}
	}
}
