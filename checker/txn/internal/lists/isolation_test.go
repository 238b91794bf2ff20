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
	for level, want := range map[isolation]struct {
		direct  string
		cycles  string // in all three forms
		ordered string // in those of processes and real time
	}{
		strictSerializable: {},
		staleReads:         {ordered: "G-single-item G-nonadjacent-item G2-item"},
		snapshot:           {cycles: "G2-item"},
		readCommitted:      {direct: "internal lost-update long-fork", cycles: "G-single-item G-nonadjacent-item G2-item"},
		readUncommitted: {direct: "internal lost-update long-fork G1a G1b dirty-update",
			cycles: "G0 G1c G-single-item G-nonadjacent-item G2-item"},
	} {
		shown := strings.Fields(want.direct)
		for _, base := range strings.Fields(want.cycles) {
			shown = append(shown, base, base+models.Process.Suffix(), base+models.Realtime.Suffix())
		}
		for _, base := range strings.Fields(want.ordered) {
			shown = append(shown, base+models.Process.Suffix(), base+models.Realtime.Suffix())
		}
		slices.Sort(shown)
		if got := anomalies(t, level); !slices.Equal(got, shown) {
			t.Errorf("isolation %d shows %v, want %v", level, got, shown)
		}
	}
}

// anomalies are the names of what histories of a database show.
func anomalies(t *testing.T, level isolation) []string {
	s := elle
	s.isolation, s.keys, s.writes = level, 6, 30
	shown := map[string]bool{}
	for seed := range uint64(12) {
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
	return slices.Sorted(maps.Keys(shown))
}
