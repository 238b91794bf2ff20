//go:build long

package crdt_test

import (
	"testing"

	"faultline/internal/kindtest"
)

// TestClaims: what a mode claims is never refuted, whatever the type, under all that the system suffers and under the default faults. docs/crdt.md
// has the last result.
func TestClaims(t *testing.T) {
	for _, mode := range modes {
		for _, faults := range []string{"all", "partition,crash"} {
			for _, family := range families {
				t.Run(mode+" "+family+" "+faults, func(t *testing.T) {
					kindtest.Kept(t, kindtest.Under(t, spec(mode, family), faults), 60, false)
				})
			}
		}
	}
}
