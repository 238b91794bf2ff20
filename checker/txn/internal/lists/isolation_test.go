package lists_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"faultline/checker/txn/internal/direct"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
)

// Databases show what their isolation permits, all of it, and nothing else.
func TestAnomaliesOfIsolation(t *testing.T) {
	for level, want := range map[isolation]string{
		strictSerializable: "",
		staleReads:         "G-nonadjacent-item-process G-single-item-process G2-item-process",
		snapshot:           "G2-item",
		readCommitted:      "G-nonadjacent-item G-single-item G2-item internal long-fork lost-update",
		readUncommitted:    "G-nonadjacent-item G-single-item G0 G1a G1b G1c G2-item dirty-update internal long-fork lost-update",
	} {
		if got := strings.Join(anomalies(t, level), " "); got != want {
			t.Errorf("isolation %d shows %v, want %v", level, got, want)
		}
	}
}

// anomalies are the names of what histories of a database show. Of the forms of a cycle there is that of the lowest level.
func anomalies(t *testing.T, level isolation) []string {
	s := elle
	s.isolation, s.keys, s.writes = level, 6, 30
	shown := map[string]bool{}
	for seed := range uint64(12) {
		h := record.New(record.ListAppend, newSimulated(s, seed).all(500), nil)
		for _, a := range direct.Lists(h) {
			shown[string(a.Name)] = true
		}
		cycles, unsearched := graph.Find(input(h), graph.Classes(models.Realtime), graph.DefaultWork)
		if len(unsearched) > 0 {
			t.Fatal(unsearched)
		}
		for _, c := range cycles {
			shown[c.Class.Anomaly()] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(shown)), func(name string) bool {
		base := strings.TrimSuffix(strings.TrimSuffix(name, "-process"), "-realtime")
		return base != name && (shown[base] || strings.HasSuffix(name, "-realtime") && shown[base+"-process"])
	})
}
