//go:build long

package ladder

import (
	"maps"
	"slices"
	"testing"
)

// TestLadderAgreement is TestLadderAgreementQuick on 100,000 histories for each model.
func TestLadderAgreement(t *testing.T) {
	for _, model := range slices.Sorted(maps.Keys(definitions)) {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			agree(t, model, 1_000_000, 100_000)
		})
	}
}
