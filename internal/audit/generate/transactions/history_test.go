package transactions_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"faultline/internal/audit/generate/transactions"
	"faultline/internal/audit/oracle"
	"faultline/internal/audit/oracle/isolation"
)

func history(seed uint64, lists bool) []oracle.Event {
	return transactions.History(rand.New(rand.NewPCG(seed, 0)), transactions.Options{Lists: lists, Transactions: 4})
}

func TestHistoriesFollowFromTheSeed(t *testing.T) {
	for seed := range uint64(200) {
		a, b := history(seed, seed%2 == 0), history(seed, seed%2 == 0)
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("seed %d gives two histories:\n%v\n%v", seed, a, b)
		}
	}
}

// Each level is kept by some histories and not by others.
func TestHistoriesOfAllKinds(t *testing.T) {
	type kind struct {
		level  string
		answer oracle.Answer
	}
	seen := map[kind]int{}
	for seed := range uint64(1500) {
		h := isolation.Parse(history(seed, true))
		if h.Malformed() != (isolation.Malformed{}) {
			continue
		}
		for _, m := range isolation.Models() {
			seen[kind{m.Name, m.Keeps(&h)}]++
		}
	}
	for _, m := range isolation.Models() {
		if seen[kind{m.Name, oracle.Yes}] == 0 || seen[kind{m.Name, oracle.No}] == 0 {
			t.Errorf("%s: %d kept, %d not", m.Name, seen[kind{m.Name, oracle.Yes}], seen[kind{m.Name, oracle.No}])
		}
	}
}
