//go:build long

package campaign

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/cluster/bugs"
)

var update = flag.Bool("update", false, "write what was found to docs/gallery.md")

// TestGallery: the default settings of a run find every planted bug.
func TestGallery(t *testing.T) {
	var finds []*Catch
	for _, bug := range bugs.Names() {
		f := seek(t, defaultHunt(), bug)
		t.Logf("%-26s %3d runs  %5.0fs  %5.1fs  %s", bug, f.Runs, f.Virtual.Seconds(), f.Wall.Seconds(), f.Reason)
		if !f.Found {
			t.Errorf("%s was not found", bug)
		}
		finds = append(finds, f)
	}
	if *update && !t.Failed() {
		head, _, _ := strings.Cut(read(t, documentPath), documentLine)
		if err := os.WriteFile(documentPath, []byte(head+documentLine+document(finds)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// document is the part of the gallery's document that is made.
func document(finds []*Catch) string {
	var b strings.Builder
	fmt.Fprint(&b, "\n## Where they were found last\n\n| bug | reproduce | runs | virtual time | real time |\n| --- | --- | ---: | ---: | ---: |\n")
	var walls []time.Duration
	for _, f := range finds {
		walls = append(walls, f.Wall)
		fmt.Fprintf(&b, "| [%s](#%s) | %s%d --test-count 1` | %d | %.0f s | %.1f s |\n",
			f.Bug, f.Bug, reproduce(f.Bug), f.Seed, f.Runs, f.Virtual.Seconds(), f.Wall.Seconds())
	}
	slices.Sort(walls)
	fmt.Fprintf(&b, "\nMedian %.1f s, slowest %.1f s.\n\n## The bugs\n", walls[len(walls)/2].Seconds(), walls[len(walls)-1].Seconds())
	for i, bug := range bugs.All() {
		fmt.Fprintf(&b, "\n%s\nFound last as: %s\n", article(bug), finds[i].Reason)
	}
	return b.String()
}
