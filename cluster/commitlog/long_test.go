//go:build long

package commitlog_test

import (
	"testing"

	"faultline/internal/kindtest"
)

// TestClaims: what is claimed whatever happens is never refuted, under all that the system suffers and under the default faults.
// docs/commitlog.md has the last result.
func TestClaims(t *testing.T) {
	for _, c := range []struct{ mode, workload string }{{"idempotent", "stream"}, {"idempotent", "processing"}, {"idempotent", "derived"},
		{"transactions", "transactional"}, {"transactions", "processing"}, {"transactions", "stream"}} {
		for _, families := range []string{"all", "partition,crash"} {
			t.Run(c.mode+" "+c.workload+" "+families, func(t *testing.T) {
				kindtest.Kept(t, kindtest.Under(t, spec(c.mode, c.workload), families), 1000, false)
			})
		}
	}
}
