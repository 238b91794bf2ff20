//go:build long

package paxos_test

import (
	"testing"

	"faultline/internal/kindtest"
)

// TestClaims: what a mode keeps is never refuted, under all that the system suffers and under the default faults. docs/paxos.md has the
// last result.
func TestClaims(t *testing.T) {
	for mode, keeps := range map[string][]string{
		"log": nil, "confirmed": nil, "lease": {"consistent-prefix", "eventual"}, "local": {"consistent-prefix", "eventual"},
	} {
		for _, families := range []string{"all", "partition,crash"} {
			t.Run(mode+" "+families, func(t *testing.T) {
				s := kindtest.Under(t, kindtest.Spec("paxos", mode), families)
				s.Options.ConsistencyModels = keeps
				kindtest.Kept(t, s, 1000, keeps != nil)
			})
		}
	}
}
