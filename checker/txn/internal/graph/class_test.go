package graph

import (
	"testing"

	"faultline/checker/txn/models"
)

// A search ends when it has found as short a cycle as there can be. Two edges in a row that are both of a process, or of real time, are one.
func TestLeastLengths(t *testing.T) {
	least := map[Class]int{}
	var extend func(path []Kind)
	extend = func(path []Kind) {
		for _, c := range classesOf(path) {
			if known, ok := least[c]; len(path) > 1 && (!ok || len(path) < known) {
				least[c] = len(path)
			}
		}
		if len(path) == 5 {
			return
		}
		for k := range kinds {
			if k < Process || len(path) > 0 && path[len(path)-1] < Process {
				extend(append(path, k))
			}
		}
	}
	for k := range kinds {
		extend([]Kind{k})
	}
	for _, c := range Classes(models.Realtime) {
		if c.shortest() != least[c] {
			t.Errorf("%s: %d edges, want %d", c.Anomaly(), c.shortest(), least[c])
		}
	}
}
