//go:build long

package linear

import (
	"fmt"
	"testing"
)

// TestAgreementOnAMillion is TestAgreesWithDefinition and TestModelsAgreeWithDefinition on a million
// histories, evenly spread over the models.
func TestAgreementOnAMillion(t *testing.T) {
	const each = 100_000
	t.Run("registers", func(t *testing.T) {
		t.Parallel()
		var a agreement
		for seed := range uint64(each) {
			ops := draw(1_000_000 + seed)
			if err := a.check(CASRegister(), validity(bruteForce(ops)), ops); err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, render(ops))
			}
		}
		t.Logf("%d valid, %d invalid, %d decided directly", a.valid, a.invalid, a.direct)
	})
	for i, o := range oracles() {
		t.Run(fmt.Sprint(i, o.model.Name()), func(t *testing.T) {
			t.Parallel()
			var a agreement
			for seed := range uint64(each) {
				ops := drawModel(&o, 1_000_000+seed, 3+int(seed%8))
				if err := a.check(o.model, validity(o.linearizable(ops)), ops); err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, render(ops))
				}
			}
			t.Logf("%d valid, %d invalid, %d decided directly", a.valid, a.invalid, a.direct)
		})
	}
}
