//go:build long

package bugs_test

import (
	"testing"

	"faultline/checker"
	"faultline/nemesis"
	"faultline/workloads"
)

// Every workload finds, within a few seeds, each of the bugs that it is meant to find.
func TestWorkloadsFindBugs(t *testing.T) {
	const seeds = 20
	for _, row := range table {
		t.Run(row.workload+"/"+row.bug, func(t *testing.T) {
			s := spec(row.workload, row.bug)
			for ; s.Seed <= seeds; s.Seed++ {
				if v := judged(t, s); finds(v, row.part) {
					t.Logf("seed %d: %s", s.Seed, v.Reason)
					return
				}
			}
			t.Errorf("%d seeds do not find it", seeds)
		})
	}
}

// Without a bug nothing is found, whatever a correct store survives is done to it.
func TestWorkloadsOfASoundStore(t *testing.T) {
	const seeds = 60
	for _, workload := range workloads.All() {
		s := spec(workload.Name, "")
		kind, err := s.Kind()
		if err != nil {
			t.Fatal(err)
		}
		if kind.Understand(workload.Ops) != nil {
			continue
		}
		t.Run(workload.Name, func(t *testing.T) {
			if s.Nemesis, err = nemesis.ParseFamilies("all", kind.Suffers); err != nil {
				t.Fatal(err)
			}
			for s.Intensity = 0.15; s.Seed <= seeds; s.Seed++ {
				if v := judged(t, s); v.Validity != checker.Valid {
					t.Errorf("seed %d: %v: %s\n%s", s.Seed, v.Validity, v.Reason, v.Shown().Picture)
				}
			}
		})
	}
}
