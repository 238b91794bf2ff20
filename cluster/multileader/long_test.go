//go:build long

package multileader_test

import (
	"testing"

	"faultline/cluster/multileader"
	"faultline/internal/kindtest"
)

// TestClaims: what a mode keeps is never refuted in any topology, under all that the system suffers and under the default faults.
// docs/multileader.md has the last result.
func TestClaims(t *testing.T) {
	const seeds = 1000
	for _, families := range []string{"all", "partition,crash"} {
		for _, of := range []struct{ mode, topology, workload, model string }{
			{"causal", "all-to-all", "read-write", "causal-convergence"},
			{"causal", "ring", "read-write", "causal-convergence"},
			{"lamport", "all-to-all", "read-write", "eventual"},
			{"lamport", "star", "read-write", "eventual"},
			{"wall", "all-to-all", "read-write", "eventual"},
			{"siblings", "all-to-all", "siblings", ""},
			{"siblings", "ring", "siblings", ""},
		} {
			t.Run(of.mode+" "+of.topology+" "+families, func(t *testing.T) {
				s := spec(of.mode, of.workload)
				if of.model != "" {
					s = held(of.mode, of.model)
				}
				c := multileader.Kind().Config().(*multileader.Config)
				c.Topology = of.topology
				s.Config = c
				kindtest.Kept(t, kindtest.Under(t, s, families), seeds, of.model == "eventual")
			})
		}
	}
}
