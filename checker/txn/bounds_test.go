package txn_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/checker/txn/models"
)

// When the time is up nothing is decided, whatever the algorithm.
func TestTheTimeIsUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, lists := range []bool{true, false} {
		ops := (&drawnStore{random: rand.New(rand.NewPCG(1, 2)), lists: lists}).history()
		check := txn.RWRegister()
		if lists {
			check = txn.ListAppend()
		}
		part := check.Check(ctx, checker.Input{Operations: ops}, checker.Options{})
		if part.Validity == checker.Valid || part.Validity == checker.Unknown && part.Findings[0].Bound != checker.TimeBound {
			t.Errorf("%v: %s", part.Validity, part.Reason)
		}
	}
}

// What memory is missing is said.
func TestMemoryIsUsedUp(t *testing.T) {
	for seed := range uint64(200) {
		ops := (&drawnStore{random: rand.New(rand.NewPCG(seed, 3))}).history()
		check := func(bytes int64) checker.Part {
			return txn.RWRegister(models.SnapshotIsolation).Check(t.Context(), checker.Input{Operations: ops}, checker.Options{Memory: bytes})
		}
		if part := check(1); part.Validity == checker.Unknown {
			if part.Findings[0].Bound != checker.MemoryBound || !strings.Contains(part.Reason, "memory") {
				t.Errorf("seed %d: %s", seed, part.Reason)
			}
			return
		}
	}
	t.Error("no history takes a search")
}
