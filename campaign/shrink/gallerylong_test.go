//go:build long

package shrink

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/checker"
	"faultline/cluster/raftkv/bugs"
)

var update = flag.Bool("update", false, "write what was found to docs/shrinking.md")

var shrinkingPath = filepath.Join("..", "..", "docs", "shrinking.md")

const shrinkingLine = "<!-- made by: go test -tags long -run ShrinkTheGallery -timeout 90m ./campaign/shrink -update -->\n"

// TestShrinkTheGallery: the first run that finds a planted bug at the default settings is shrunk to a few faults and to what
// fits a screen, in two minutes of search. Each bug is a test of its own: -run ShrinkTheGallery/late-cas.
func TestShrinkTheGallery(t *testing.T) {
	var all []*Result
	for _, bug := range bugs.Kind().BugNames() {
		t.Run(bug, func(t *testing.T) { all = append(all, shrinkBug(t, bug)) })
	}
	median := Size{Events: medianOf(all, func(s Size) int { return s.Events }), Operations: medianOf(all, func(s Size) int { return s.Operations })}
	if median.Events > 2 {
		t.Errorf("half of the shrunk runs have %d events or more", median.Events)
	}
	if *update && !t.Failed() && len(all) == len(bugs.Kind().BugNames()) {
		writeShrunk(t, all, median)
	}
}

func medianOf(all []*Result, of func(Size) int) int {
	if len(all) == 0 {
		return 0
	}
	var sorted []int
	for _, r := range all {
		sorted = append(sorted, of(r.After))
	}
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

// writeShrunk makes the table that the document ends with.
func writeShrunk(t *testing.T, all []*Result, median Size) {
	t.Helper()
	head, _, _ := strings.Cut(trialtest.Read(t, shrinkingPath), shrinkingLine)
	var text strings.Builder
	fmt.Fprintf(&text, "%s%s\n| bug | fault events | operations | clients | keys | time limit | worlds | real time |\n"+
		"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n", head, shrinkingLine)
	for i, bug := range bugs.Kind().BugNames() {
		r, a, b := all[i], all[i].Before, all[i].After
		fmt.Fprintf(&text, "| [%s](gallery.md#%s) | %d → %d | %d → %d | %d | %d | %v | %d | %.0f s |\n", bug, bug,
			a.Events, b.Events, a.Operations, b.Operations, b.Clients, b.Keys, b.TimeLimit, r.Worlds, r.Elapsed.Seconds())
	}
	fmt.Fprintf(&text, "\nMedian: %d events, %d operations.\n", median.Events, median.Operations)
	if err := os.WriteFile(shrinkingPath, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// shrinkBug shrinks the first run that finds a bug, to what a person reads at once.
func shrinkBug(t *testing.T, bug string) *Result {
	t.Helper()
	spec := trialtest.Default().Planted(bug)
	run := trialtest.Run(t, spec, "")
	for run.Verdict.Validity != checker.Invalid && spec.Seed < 100 {
		spec.Seed++
		run = trialtest.Run(t, spec, "")
	}
	r, err := shrunk(t, t.Context(), trialtest.Store(t, run), Options{Time: 2 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	const mostEvents, mostOperations = 4, 60
	a, b := r.Before, r.After
	t.Logf("%d to %d events, %d to %d operations, %d clients, %d keys, %d worlds, %.0f s %s", a.Events, b.Events, a.Operations,
		b.Operations, b.Clients, b.Keys, r.Worlds, r.Elapsed.Seconds(), r.Stopped)
	if b.Events > mostEvents || b.Operations > mostOperations || !r.Same {
		t.Errorf("it was shrunk to %+v, by\n%s", b, r.Schedule)
	}
	return r
}
