//go:build long

package primary_test

import (
	"testing"

	"faultline/internal/kindtest"
)

// TestClaims: what a mode keeps is never refuted, under all that the system suffers and under the default faults. Of the modes
// that keep no more than eventual a run is unknown now and then: if all that is left in the end was written by operations of which
// nobody knows. docs/primary.md has the last result.
func TestClaims(t *testing.T) {
	for _, mode := range append([]string{"fenced"}, weak...) {
		for _, families := range []string{"all", "partition,crash"} {
			t.Run(mode+" "+families, func(t *testing.T) {
				s := kindtest.Under(t, kindtest.Spec("primary", mode), families)
				if mode != "fenced" {
					s.Options.ConsistencyModels = []string{"eventual"}
				}
				kindtest.Kept(t, s, 1000, mode != "fenced")
			})
		}
	}
}
