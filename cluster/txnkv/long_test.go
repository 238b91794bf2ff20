//go:build long

package txnkv_test

import (
	"slices"
	"testing"
	"time"

	"faultline/checker"
	"faultline/cluster/txnkv"
	"faultline/nemesis"
	"faultline/world"
)

// TestClaims: each level keeps what it claims under everything that it can survive, and with shards.
func TestClaims(t *testing.T) {
	const seeds = 100
	kind := txnkv.Kind()
	for _, mode := range kind.Modes {
		specs := map[string]world.Spec{"one log": spec(mode.Name)}
		if two := sharded(spec(mode.Name)); two.Validate() == nil {
			specs["two shards"] = two
		}
		for name, s := range specs {
			t.Run(mode.Name+"/"+name, func(t *testing.T) {
				var err error
				if s.Nemesis, err = nemesis.ParseFamilies("all", kind.Suffers); err != nil {
					t.Fatal(err)
				}
				s.Nemesis = slices.DeleteFunc(s.Nemesis, func(family string) bool { return slices.Contains(mode.BrokenBy, family) })
				s.TimeLimit, s.Intensity = 20*time.Second, 0.2
				for seed := range uint64(seeds) {
					if v := run(t, s, seed+1).Verdict; v.Validity != checker.Valid {
						t.Errorf("seed %d: %s", seed+1, v.Reason)
					}
				}
			})
		}
	}
}

// TestEachLevelIsWeakerThanTheNext: what a level permits is found.
func TestEachLevelIsWeakerThanTheNext(t *testing.T) {
	for _, test := range []struct{ mode, not string }{
		{"serializable", "strict-serializable"},
		{"serializable-ssi", "strict-serializable"},
		{"snapshot-isolation", "serializable"},
		{"repeatable-read", "serializable"},
		{"read-committed", "repeatable-read"},
		{"read-uncommitted", "read-committed"},
	} {
		s := spec(test.mode)
		s.TimeLimit, s.Options.ConsistencyModels = 20*time.Second, []string{test.not}
		if !refuted(t, s) {
			t.Errorf("%s was %s in all runs", test.mode, test.not)
		}
	}
	shards := sharded(spec("snapshot-isolation"))
	shards.Workload, shards.Options.ConsistencyModels = "write-skew", []string{"serializable"}
	if !refuted(t, shards) {
		t.Error("snapshot-isolation over shards was serializable in all runs")
	}
	clocks := spec("commit-wait")
	clocks.TimeLimit, clocks.Nemesis = 20*time.Second, []string{"clock"}
	if !refuted(t, clocks) {
		t.Error("commit-wait was strict serializable in all runs, however wrong clocks were")
	}
}

// TestAllBugsAreFound by what a run is by default.
func TestAllBugsAreFound(t *testing.T) {
	for _, b := range txnkv.Kind().Bugs {
		s := spec(b.Mode)
		s.TimeLimit, s.Bug = 20*time.Second, b.Name
		if !refuted(t, s) {
			t.Errorf("%s was not found", b.Name)
		}
	}
}

func refuted(t *testing.T, s world.Spec) bool {
	t.Helper()
	for seed := range uint64(20) {
		if run(t, s, seed+1).Verdict.Validity == checker.Invalid {
			return true
		}
	}
	return false
}
