package txn_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/txn"
	"faultline/checker/txn/models"
	"faultline/history"
)

// What a store claims of the order of commits changes no verdict.
func TestClaimsAreNoEvidence(t *testing.T) {
	for _, level := range []string{models.SnapshotIsolation, models.StrictSerializable} {
		for seed := range uint64(400) {
			r := rand.New(rand.NewPCG(seed, 17))
			ops := (&drawnStore{random: r}).history()
			ask := func() checker.Validity {
				return txn.RWRegister(level).Check(t.Context(), checker.Input{Operations: ops}, checker.Options{}).Validity
			}
			want := ask()
			for i := range ops {
				ops[i].LogIndex = r.Uint64N(4)
			}
			if got := ask(); got != want {
				t.Fatalf("seed %d: %v is %v with claims and %v without\n%s", seed, level, got, want, show(ops))
			}
		}
	}
}

// Write skew, and a transaction of unknown outcome whose write was seen: a claimed order that is right shows snapshot isolation at once.
func TestRightClaimsDecide(t *testing.T) {
	events, err := scripttest.Parse(`
		1.0-2.0 0 - txn - [["r","x",null],["w","y",1]] ok [["r","x",null],["w","y",1]]
		1.1-2.1 1 - txn - [["r","y",null],["w","x",1]] ok [["r","y",null],["w","x",1]]
		1.2-2.2 2 - txn - [["w","x",2]] info
		3.0-3.1 3 - txn - [["r","x",null]] ok [["r","x",2]]`)
	if err != nil {
		t.Fatal(err)
	}
	ops, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	ops[0].LogIndex, ops[1].LogIndex, ops[3].LogIndex = 2, 1, 4
	part := txn.RWRegister(models.SnapshotIsolation).Check(t.Context(), checker.Input{Operations: ops}, checker.Options{})
	if part.Validity != checker.Valid || !strings.Contains(part.Stage, "claims") {
		t.Errorf("%v by %s: %s", part.Validity, part.Stage, part.Reason)
	}
}
