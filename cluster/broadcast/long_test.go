//go:build long

package broadcast_test

import (
	"testing"
	"time"

	"faultline/checker/order"
	"faultline/cluster/broadcast"
	"faultline/internal/kindtest"
)

// weaker are models that a mode does not keep.
var weaker = []struct{ mode, model string }{
	{"total-leader", "fifo-order"}, // the leader gives places as messages reach it
	{"causal", "total-order"},
	{"fifo", "causal-order"},
	{"reliable", "fifo-order"},
	{"best-effort", "reliable"},
}

// TestClaims: what a mode keeps is never refuted, under all that the system suffers and under the default faults, and by state machine
// replication what is broadcast in total order is linearizable.
func TestClaims(t *testing.T) {
	for _, m := range broadcast.Kind().Modes {
		for _, families := range []string{"all", "partition,crash"} {
			t.Run(m.Name+" "+families, func(t *testing.T) {
				s := kindtest.Under(t, spec(m.Name, m.Keeps...), families)
				s.TimeLimit = 10 * time.Second
				kindtest.Kept(t, s, 1000, false)
				s.Workload, s.Options.ConsistencyModels = "happened-before", nil
				kindtest.Kept(t, s, 1000, false)
				if m.Model == "total-order" {
					s = kindtest.Under(t, kindtest.Spec("broadcast", m.Name), families)
					s.TimeLimit = 10 * time.Second
					kindtest.Kept(t, s, 1000, false)
				}
			})
		}
	}
}

// TestRefuted: what a mode does not keep is refuted within twenty seeds, and each bug is found.
func TestRefuted(t *testing.T) {
	for _, w := range weaker {
		kindtest.RefutedBy(t, spec(w.mode, w.model), order.Part, 20)
	}
	for _, b := range broadcast.Kind().Bugs {
		kindtest.Found(t, spec(b.Mode), b.Name, 20)
	}
}
