package gallery

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/cluster"
	"faultline/cluster/raftkv/bugs"
)

// defaultHunt looks for bugs as the command line does that says nothing else.
func defaultHunt() *Hunt {
	return &Hunt{Spec: trialtest.Default(), Count: 100, Pool: trialtest.Pool(0)}
}

// Three bugs, of the read path, the write path and snapshots, are found. The test of all is a long one.
func TestPlantedBugsAreFound(t *testing.T) {
	for _, bug := range []string{"dirty-reads", "late-cas", "snapshot-loses-a-key"} {
		if f := seek(t, defaultHunt(), bug); !f.Found {
			t.Errorf("%s was not found: %s", bug, f.Reason)
		}
	}
}

// What is found does not depend on how many seeds are tried at once.
func TestASearchIsTheSameWithAnyNumberOfWorkers(t *testing.T) {
	var finds []Catch
	for workers := range 3 {
		h := defaultHunt()
		h.Spec.TimeLimit, h.Spec.Interval, h.Pool.Workers = 6*time.Second, time.Second, workers+1
		f := *seek(t, h, "unready-leader-reads")
		f.Wall = 0
		finds = append(finds, f)
	}
	if finds[0] != finds[1] || finds[0] != finds[2] {
		t.Errorf("found %+v", finds)
	}
}

func seek(t *testing.T, h *Hunt, bug string) *Catch {
	t.Helper()
	f, err := h.Seek(context.Background(), bug)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// documentPath is the gallery as people read it. All that follows the line is made by the long test.
var documentPath = filepath.Join("..", "..", "docs", "gallery.md")

const documentLine = "<!-- made by: go test -tags long -run Gallery ./campaign/gallery -update -->\n"

// The document says of every bug what the code says.
func TestTheGalleryIsDocumented(t *testing.T) {
	b, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(b), documentLine)
	if !ok {
		t.Fatalf("%s lacks the line %q", documentPath, documentLine)
	}
	for _, bug := range bugs.Kind().Bugs {
		if !strings.Contains(text, article(bug)) {
			t.Errorf("%s does not say of %s what the code says; make it again", documentPath, bug.Name)
		}
		if !strings.Contains(text, reproduce(bug.Name)) {
			t.Errorf("%s does not say how to reproduce %s; make it again", documentPath, bug.Name)
		}
	}
	if n := strings.Count(text, "\n### "); n != len(bugs.Kind().Bugs) {
		t.Errorf("%s has %d bugs, and there are %d; make it again", documentPath, n, len(bugs.Kind().Bugs))
	}
}

// article is what the document says of a bug that does not change from search to search.
func article(b cluster.Bug) string {
	summary := strings.ToUpper(b.Summary[:1]) + b.Summary[1:]
	return fmt.Sprintf("### %s\n\n%s.\n%s\nIt is in [%s](../%s).\n", b.Name, summary, b.Why, filepath.Base(b.File), b.File)
}

// reproduce begins the command that shows a bug.
func reproduce(bug string) string { return "`faultline run --bug " + bug + " --seed " }
