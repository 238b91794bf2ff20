//go:build long

package workloads_test

import (
	"flag"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/checker/txn/models"
	"faultline/cluster"
	_ "faultline/cluster/kinds" // which registers txnkv
	"faultline/history"
	"faultline/history/historytest"
	"faultline/nemesis"
	"faultline/workloads"
	"faultline/world"
)

// levelWorkloads are the workloads that levels of isolation are tested by.
var levelWorkloads = []string{"list-append", "rw-register", "lost-update", "write-skew", "phantom", "bank", "bank-items", "long-fork"}

var levelSeeds = flag.Uint64("levels.seeds", 5, "how many seeds each level is tested with under each workload")

// Whatever a correct store survives at a level is done to it, clients see no anomaly that the level forbids, and each that it
// permits at least once.
func TestLevels(t *testing.T) {
	kind, err := cluster.KindByName("txnkv")
	if err != nil {
		t.Fatal(err)
	}
	families, err := nemesis.ParseFamilies("all", kind.Suffers)
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range kind.Modes {
		t.Run(mode.Name, func(t *testing.T) {
			t.Parallel()
			seen := map[string]bool{}
			families := slices.DeleteFunc(slices.Clone(families), func(family string) bool { return slices.Contains(mode.BrokenBy, family) })
			for _, name := range levelWorkloads {
				for seed := range *levelSeeds {
					spec := world.Spec{Seed: seed + 1, TimeLimit: 20 * time.Second, Rate: 200, Concurrency: 10, Workload: name, System: kind.Name,
						Mode: mode.Name, Nemesis: families, Interval: 3 * time.Second, Intensity: 0.15, Clock: world.Virtual}
					run := runFake(t, spec)
					if v := run.Verdict; v.Validity != checker.Valid {
						t.Errorf("%s, seed %d: %v: %s\n%s", name, spec.Seed, v.Validity, v.Reason, v.Shown().Picture)
					}
					for _, a := range anomaliesOf(t, name, historytest.Events(t, run.History)) {
						seen[a] = true
					}
				}
			}
			t.Logf("seen: %v", slices.Sorted(maps.Keys(seen)))
			for _, a := range tabled {
				shown := slices.ContainsFunc(slices.Sorted(maps.Keys(seen)), func(found string) bool { return models.Covers(found, a) })
				if permits(mode, a) && !shown {
					t.Errorf("%s is permitted and was not seen", a)
				}
			}
		})
	}
}

// anomaliesOf are all anomalies that transactions have shown, whatever level they were held to.
func anomaliesOf(t *testing.T, workload string, events []history.Event) []string {
	t.Helper()
	all, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	w, _ := workloads.Open(workload, workloads.Options{ConsistencyModels: []string{models.StrictSerializable}})
	var names []string
	for _, c := range w.Checkers() {
		for _, f := range c.Check(t.Context(), checker.Input{Operations: all}, checker.Options{}).Findings {
			if name := txn.AnomalyOf(f); name != "" && f.Validity == checker.Invalid {
				names = append(names, name)
			} else if strings.HasPrefix(f.Anomaly, "long fork") {
				names = append(names, "long-fork")
			}
		}
	}
	return names
}
