//go:build long

package commitlog_test

import (
	"testing"

	"faultline/internal/kindtest"
)

// TestClaims: what is claimed whatever happens is never refuted, under all that the system suffers and under the default faults.
// docs/commitlog.md has the last result.
func TestClaims(t *testing.T) {
	for _, workload := range []string{"stream", "processing", "derived"} {
		for _, families := range []string{"all", "partition,crash"} {
			t.Run(workload+" "+families, func(t *testing.T) {
				kindtest.Kept(t, kindtest.Under(t, spec("idempotent", workload), families), 1000, false)
			})
		}
	}
}
