package results

import (
	"fmt"
	"strings"
	"testing"
)

// Each model that a setup is to keep is a test; what it does not promise is none.
func TestSuitesOfAComparison(t *testing.T) {
	c := &Comparison{Runs: 8, Tables: []ComparisonTable{{Condition: "5 nodes under clock", Rows: []ComparisonRow{
		{Setup: "lease", Judged: 8, Keeps: []string{"linearizable", "sequential", "causal"}, Answers: []ModelAnswer{
			{Model: "linearizable", Refuted: 2, Seed: 4, Reason: "a stale read", Again: "faultline run --seed 4", Picture: "|--|\n"},
			{Model: "sequential", Unknown: 1}}},
		{Setup: "stale", Judged: 7, Answers: []ModelAnswer{{Model: "linearizable", Refuted: 8}}},
	}}}}
	var got strings.Builder
	for _, s := range c.Suites() {
		fmt.Fprintln(&got, s.Name)
		for _, x := range s.Cases {
			fmt.Fprintln(&got, " ", x.Name, "|", x.Validity, "|", x.Reason, "|", x.Commands)
		}
	}
	const want = `5 nodes under clock
  lease: every run comes to an end | valid |  | []
  lease: keeps linearizable | invalid | seed 4: a stale read | [{again faultline run --seed 4}]
  lease: keeps sequential | unknown | 1 runs could not be decided | []
  lease: keeps causal | valid |  | []
  stale: every run comes to an end | unknown | 1 of 8 runs crashed | []
`
	if got.String() != want {
		t.Errorf("%s", &got)
	}
}
