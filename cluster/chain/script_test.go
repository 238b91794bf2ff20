package chain

import (
	"testing"

	"faultline/cluster"
	"faultline/internal/kindtest"
)

// TestScripts shows what the chain does. Shown are each node's role, its chain, its log and how much of it is committed.
func TestScripts(t *testing.T) {
	kindtest.Script{Kind: Kind(), Show: show, Plant: func(s cluster.System, bug string) { s.(*system).plant = bugs.Planting(bug) }}.
		Run(t, "testdata/script")
}

func show(s cluster.System, node string) string {
	r, _ := s.(*system).Program(node).(*replica)
	if r == nil {
		return "down"
	}
	role, _ := r.Role()
	return role + ", " + r.Standing()
}
