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
	shows := map[isolation]string{
		strictSerializable: "",
		snapshot:           "G2-item G2-item-process G2-item-realtime",
		readCommitted: "G-nonadjacent-item G-nonadjacent-item-process G-nonadjacent-item-realtime G-single-item G-single-item-process G-single-item-realtime " +
			"G2-item G2-item-process G2-item-realtime internal long-fork lost-update",
	}
	for level, want := range shows {
		s := elle
		s.isolation, s.keys, s.writes = level, 6, 30
		shown := map[string]bool{}
		for seed := range uint64(20) {
			h := record.New(record.ListAppend, newSimulated(s, seed).all(500))
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
		if got := strings.Join(slices.Sorted(maps.Keys(shown)), " "); got != want {
			t.Errorf("isolation %d shows %s, want %s", level, got, want)
		}
	}
}
