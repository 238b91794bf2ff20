//go:build long

package workloads_test

import (
	"testing"

	"faultline/checker"
	"faultline/nemesis"
)

// A sound store is valid by every workload under every fault that it survives.
func TestManyRunsOfASoundStore(t *testing.T) {
	const seeds = 60
	for _, workload := range []string{"stream", "watch", "lease", "multi-register", "maintenance"} {
		t.Run(workload, func(t *testing.T) {
			spec := fake(workload, "")
			kind, err := spec.Kind()
			if err != nil {
				t.Fatal(err)
			}
			if spec.Nemesis, err = nemesis.ParseFamilies("all", kind.Suffers); err != nil {
				t.Fatal(err)
			}
			for spec.Seed = 1; spec.Seed <= seeds; spec.Seed++ {
				if v := runFake(t, spec).Verdict; v.Validity != checker.Valid {
					t.Errorf("seed %d: %v: %s\n%s", spec.Seed, v.Validity, v.Reason, v.Shown().Picture)
				}
			}
		})
	}
}
