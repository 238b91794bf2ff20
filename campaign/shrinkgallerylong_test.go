//go:build long

package campaign

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/cluster/bugs"
)

var shrinkingPath = filepath.Join("..", "docs", "shrinking.md")

const shrinkingLine = "<!-- made by: go test -tags long -run ShrinkTheGallery -timeout 90m ./campaign -update -->\n"

// TestShrinkTheGallery: the first run that finds a planted bug at the default settings is shrunk to a few faults and to what
// fits a screen, in two minutes of search.
func TestShrinkTheGallery(t *testing.T) {
	const mostEvents, mostOperations = 4, 60
	var rows strings.Builder
	var events, operations []int
	for _, bug := range bugs.Names() {
		r := shrinkBug(t, bug)
		a, b := r.Before, r.After
		t.Logf("%-26s %d to %d events, %d to %d operations, %d clients, %d keys, %d worlds, %.0f s %s", bug,
			a.Events, b.Events, a.Operations, b.Operations, b.Clients, b.Keys, r.Worlds, r.Elapsed.Seconds(), r.Stopped)
		if b.Events > mostEvents || b.Operations > mostOperations || !r.Same {
			t.Errorf("%s: it was shrunk to %+v, by\n%s", bug, b, r.Schedule)
		}
		events, operations = append(events, b.Events), append(operations, b.Operations)
		fmt.Fprintf(&rows, "| [%s](gallery.md#%s) | %d → %d | %d → %d | %d | %d | %v | %d | %.0f s |\n", bug, bug,
			a.Events, b.Events, a.Operations, b.Operations, b.Clients, b.Keys, b.TimeLimit, r.Worlds, r.Elapsed.Seconds())
	}
	slices.Sort(events)
	slices.Sort(operations)
	if median := events[len(events)/2]; median > 2 {
		t.Errorf("half of the shrunk runs have %d events or more", median)
	}
	if *update && !t.Failed() {
		head, _, _ := strings.Cut(read(t, shrinkingPath), shrinkingLine)
		text := fmt.Sprintf("%s%s\n| bug | fault events | operations | clients | keys | time limit | worlds | real time |\n"+
			"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n%s\nMedian: %d events, %d operations.\n",
			head, shrinkingLine, &rows, events[len(events)/2], operations[len(operations)/2])
		if err := os.WriteFile(shrinkingPath, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// shrinkBug shrinks the first run that finds a bug.
func shrinkBug(t *testing.T, bug string) *Shrunk {
	t.Helper()
	h := defaultHunt()
	f := seek(t, h, bug)
	if !f.Found {
		t.Fatalf("%s was not found", bug)
	}
	p := Plan{Spec: h.Spec.Planted(bug), Count: 1, CheckTimeout: h.CheckTimeout}
	p.Spec.Seed = f.Seed
	r, err := shrink(t, t.Context(), resolve(t, stored(t, p, Options{})), ShrinkOptions{
		Time: 2 * time.Minute, Check: checker.Options{Timeout: h.CheckTimeout}})
	if err != nil {
		t.Fatalf("%s: %v", bug, err)
	}
	return r
}
