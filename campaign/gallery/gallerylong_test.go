//go:build long

package gallery

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/cluster/raftkv/bugs"
)

var update = flag.Bool("update", false, "write what was found to docs/gallery.md")

// TestGallery: the default settings of a run find every planted bug. It is the program itself that looks for them, as
// this one is another build, in which other seeds may find them.
func TestGallery(t *testing.T) {
	finds := gallery(t, program(t))
	for _, f := range finds {
		t.Logf("%-26s %3d runs  %5.0fs  %5.1fs  %s", f.Bug, f.Runs, f.Virtual.Seconds(), f.Wall.Seconds(), f.Reason)
		if !f.Found {
			t.Errorf("%s was not found", f.Bug)
		}
	}
	if len(finds) != len(bugs.Kind().Bugs) {
		t.Errorf("%d bugs were looked for, of %d", len(finds), len(bugs.Kind().Bugs))
	}
	if *update && !t.Failed() {
		head, _, _ := strings.Cut(trialtest.Read(t, documentPath), documentLine)
		if err := os.WriteFile(documentPath, []byte(head+documentLine+document(finds)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// program builds the program.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "faultline")
	if out, err := exec.Command("go", "build", "-o", path, "../../cmd/faultline").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

func gallery(t *testing.T, program string) []*Catch {
	t.Helper()
	cmd := exec.Command(program, "gallery", "--json")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1 says that one was not found
		t.Fatalf("%v: %s", err, &stderr)
	}
	var finds []*Catch
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		f := &Catch{}
		if err := d.Decode(f); err != nil {
			t.Fatal(err)
		}
		finds = append(finds, f)
	}
	return finds
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
	for i, bug := range bugs.Kind().Bugs {
		fmt.Fprintf(&b, "\n%s\nFound last as: %s\n", article(bug), finds[i].Reason)
	}
	return b.String()
}
