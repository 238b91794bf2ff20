package bbolt

import (
	"errors"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"faultline/powerloss"
)

func config(o bbolt.Options) powerloss.Config {
	return powerloss.Config{InDirectory: func(dir string) (powerloss.Store, error) { return open(dir, o) }}
}

// What bbolt has acknowledged outlives the power.
func TestPowerLoss(t *testing.T) { powerloss.Test(t, config(bbolt.Options{})) }

// Without its syncs it does not.
func TestWithoutSyncs(t *testing.T) {
	_, failure := powerloss.Run(t, config(bbolt.Options{NoSync: true}))
	foundSoon(t, failure)
}

// Nor does it with one sync at the end of a transaction. bbolt syncs the pages first, and then the one that points to them: without
// that order the pointer may be there, and the pages not.
func TestWithOneSyncInPlaceOfTwo(t *testing.T) {
	_, failure := powerloss.Run(t, powerloss.Config{InDirectory: func(dir string) (powerloss.Store, error) {
		s, err := open(dir, bbolt.Options{NoSync: true})
		if err == nil {
			s.syncAfter = true
		}
		return s, err
	}})
	foundSoon(t, failure)
}

// foundSoon expects a failure in the first hundred losses.
func foundSoon(t *testing.T, failure *powerloss.Failure) {
	t.Helper()
	if failure == nil || failure.Loss < 1 || failure.Loss > 100 {
		t.Fatalf("the missing sync is not found in a hundred losses of power: %v", failure)
	}
	if again := "again   FAULTLINE_SEED="; !strings.Contains(failure.Error(), again) {
		t.Errorf("the failure does not say how to see it again: %v", failure)
	}
	t.Log(failure)
}

// A loss of power while bbolt creates its file may leave one that it refuses to open. Nothing was acknowledged by then.
func TestCreation(t *testing.T) {
	c := powerloss.Config{Losses: 3000, Transactions: 1, InDirectory: func(dir string) (powerloss.Store, error) {
		if err := errors.Join(createFile(dir, file), syncDirectory(dir)); err != nil {
			return nil, err
		}
		return openFile(dir, bbolt.Options{})
	}}
	_, failure := powerloss.Run(t, c)
	if failure == nil {
		t.Fatal("bbolt opens whatever a loss of power leaves of a new file; so the detour that open makes is not needed any more")
	}
	if text := failure.Error(); !strings.Contains(text, "The latest transaction that was acknowledged was 0; none was under way.") {
		t.Errorf("bbolt loses more than a new file: %s", text)
	}
	t.Log(failure)
}
