//go:build long

package chain_test

import (
	"testing"

	"faultline/internal/kindtest"
)

// TestClaims: what a mode keeps is never refuted, under all that the system suffers and under the default faults. docs/chain.md has the
// last result.
func TestClaims(t *testing.T) {
	weak := []string{"consistent-prefix", "eventual"}
	for mode, keeps := range map[string][]string{"fenced": nil, "craq": nil, "tail": weak, "stale": weak} {
		for _, families := range []string{"all", "partition,crash"} {
			t.Run(mode+" "+families, func(t *testing.T) {
				s := kindtest.Under(t, kindtest.Spec("chain", mode), families)
				s.Options.ConsistencyModels = keeps
				kindtest.Kept(t, s, 1000, keeps != nil)
			})
		}
	}
}
