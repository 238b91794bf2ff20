package replicated

import (
	"math/rand/v2"
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/cluster/crdt/datatypes"
)

// TestAgreesWithTheDefinition: a history is invalid exactly if it breaks a rule by its definition. The long test does the same a hundred times more often.
func TestAgreesWithTheDefinition(t *testing.T) { agrees(t, 300) }

// mostInserts bounds the orders of characters that are to be tried.
const mostInserts = 6

func agrees(t *testing.T, executions uint64) {
	for _, dataType := range datatypes.Types() {
		t.Run(dataType, func(t *testing.T) {
			t.Parallel()
			counts := map[bool]int{}
			rules := map[string]int{}
			for seed := range executions {
				e := executed(rand.New(rand.NewPCG(seed, 17)), dataType)
				in := e.input()
				if !e.updated() || inserts(e.operations) > mostInserts {
					continue
				}
				want := right(e)
				counts[want]++
				got := Checker().Check(t.Context(), in, checker.Options{})
				if got.Validity == checker.Unknown || want != (got.Validity == checker.Valid) {
					t.Fatalf("seed %d: right: %v, got %s\n%v", seed, want, scripttest.Show(got), e.operations)
				}
				for _, f := range got.Findings {
					rules[f.Rule]++
				}
			}
			t.Logf("%d right, %d wrong: %v", counts[true], counts[false], rules)
		})
	}
}
