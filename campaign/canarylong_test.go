//go:build long

package campaign

import (
	"testing"
	"time"

	"faultline/campaign/gallery"
	"faultline/campaign/internal/trialtest"
	"faultline/cluster"
	"faultline/workloads"
)

// TestEachCanarySings: whatever workload a system is tested by, in whatever mode and without any faults of its own, each canary that its
// campaigns may have is found.
//
//	go test -tags long -run EachCanarySings -timeout 60m -v ./campaign
func TestEachCanarySings(t *testing.T) {
	for _, kind := range cluster.Kinds() {
		for _, mode := range kind.Modes {
			for _, w := range workloads.All() {
				p := quickPlan(canaryFrom)
				p.Spec = trialtest.Default()
				p.Spec.System, p.Spec.Mode, p.Spec.Workload, p.Spec.Config = kind.Name, mode.Name, w.Name, nil
				p.Spec.TimeLimit, p.Spec.Nemesis = 20*time.Second, nil
				if p.Spec.Validate() != nil {
					continue
				}
				for _, bug := range canaries(p.Spec) {
					t.Run(kind.Name+" "+mode.Name+" "+w.Name+" "+bug, func(t *testing.T) { sings(t, p, bug) })
				}
			}
		}
	}
}

func sings(t *testing.T, p Plan, bug string) {
	h := &gallery.Hunt{Spec: p.stage(), Count: p.tries(), Pool: trialtest.Pool(1)}
	f, err := h.Seek(t.Context(), bug)
	switch {
	case err != nil:
		t.Error(err)
	case !f.Found:
		t.Errorf("not found in %d runs", f.Runs)
	default:
		t.Logf("found by seed %d, run %d", f.Seed, f.Runs)
	}
}
