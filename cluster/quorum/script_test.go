package quorum

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"faultline/cluster"
	"faultline/internal/kindtest"
)

// TestScripts shows what the modes do. Where other nodes stand in for replicas there have to be some.
func TestScripts(t *testing.T) {
	s := kindtest.Script{Kind: Kind(), Show: show, Plant: func(s cluster.System, bug string) { s.(*system).plant = bugs.Planting(bug) }}
	s.Run(t, "testdata/script")
	s.Nodes = 5
	s.Run(t, "testdata/sloppy")
}

// show is what a node has, and for whom.
func show(s cluster.System, node string) string {
	r, _ := s.(*system).Program(node).(*replica)
	if r == nil {
		return "down"
	}
	var parts []string
	objects := r.shared(func(string) bool { return true })
	for _, key := range slices.Sorted(maps.Keys(objects)) {
		parts = append(parts, fmt.Sprintf("%s=%v", key, objects[key]))
	}
	for _, h := range r.hinted() {
		parts = append(parts, fmt.Sprintf("hint %s for %s", h.Key, h.Node))
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}
