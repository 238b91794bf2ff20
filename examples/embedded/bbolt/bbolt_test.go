package bbolt

import (
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"faultline/powerloss"
)

func config(o bbolt.Options) powerloss.Config {
	return powerloss.Config{InDirectory: func(dir string) (powerloss.Store, error) { return open(dir, o) }}
}

// What bbolt has acknowledged outlives the power.
func TestPowerLoss(t *testing.T) {
	powerloss.Test(t, config(bbolt.Options{}))
}

// Without its syncs it does not, and that is found in the first hundred losses.
func TestWithoutSyncs(t *testing.T) {
	_, failure := powerloss.Run(t, config(bbolt.Options{NoSync: true}))
	if failure == nil || failure.Loss < 1 || failure.Loss > 100 {
		t.Fatalf("the missing syncs are not found in a hundred losses of power: %v", failure)
	}
	if !strings.Contains(failure.Error(), "again   FAULTLINE_SEED=") {
		t.Errorf("the failure does not say how to see it again: %v", failure)
	}
	t.Log(failure)
}
