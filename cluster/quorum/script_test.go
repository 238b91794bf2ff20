package quorum

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"faultline/cluster/versioned/scripted"
)

// TestScripts shows what the modes do.
func TestScripts(t *testing.T) {
	scripted.Store[*system]{
		Kind:  Kind(),
		Plant: func(s *system, bug string) { s.plant = planting(bug) },
		Show:  func(s *system, node string) string { return s.Program(node).(*replica).standing() },
	}.Run(t, "testdata/script")
}

// standing is what a replica has, and for whom.
func (r *replica) standing() string {
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
