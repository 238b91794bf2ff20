package multileader

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"faultline/cluster"
	"faultline/internal/kindtest"
)

// TestScripts shows what the modes do, and the topologies.
func TestScripts(t *testing.T) {
	for _, topology := range []string{mesh, ring, star} {
		kindtest.Script{Kind: Kind(), Show: show, Plant: func(s cluster.System, bug string) { s.(*system).plant = bugs.Planting(bug) },
			Config: func(c cluster.Config) { c.(*Config).Topology = topology }}.Run(t, "testdata/"+topology)
	}
}

// show is what a node has.
func show(s cluster.System, node string) string {
	l, _ := s.(*system).Program(node).(*leader)
	if l == nil {
		return "down"
	}
	l.Lock()
	defer l.Unlock()
	parts := []string{"updates " + l.has.String()}
	for _, key := range slices.Sorted(maps.Keys(l.objects)) {
		parts = append(parts, fmt.Sprintf("%s=%v", key, l.objects[key]))
	}
	return strings.Join(parts, ", ")
}
