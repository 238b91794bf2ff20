//go:build long

package quorum_test

import (
	"testing"

	"faultline/internal/kindtest"
)

// TestClaims: what a mode keeps is never refuted, under all that the system suffers and under the default faults. docs/quorum.md has the
// last result.
func TestClaims(t *testing.T) {
	const seeds = 1000
	for _, families := range []string{"all", "partition,crash"} {
		for _, of := range []struct {
			mode, workload string
			models         []string
		}{
			{"abd", "read-write", nil},
			{"regular", "read-write", []string{"consistent-prefix", "eventual"}},
			{"lww", "read-write", []string{"consistent-prefix", "eventual"}},
			{"siblings", "siblings", nil},
			{"dynamo", "siblings", nil},
		} {
			t.Run(of.mode+" "+families, func(t *testing.T) {
				s := spec(of.mode, of.workload)
				s.Options.ConsistencyModels = of.models
				kindtest.Kept(t, kindtest.Under(t, s, families), seeds, of.models != nil)
			})
		}
	}
}
