package bugs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"faultline/workloads"
)

// Every bug has a name of its own, is told in words, is where it says it is, and changes something.
func TestGallery(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	kind := Kind()
	for i, b := range kind.Bugs {
		if !name.MatchString(b.Name) || slices.Contains(kind.BugNames()[:i], b.Name) {
			t.Errorf("the name %q", b.Name)
		}
		if b.Summary == "" || strings.HasSuffix(b.Summary, ".") || !strings.HasSuffix(b.Why, ".") {
			t.Errorf("%s: the summary is a phrase and the reason a sentence", b.Name)
		}
		if _, err := os.Stat(filepath.Join("..", "..", "..", b.File)); err != nil {
			t.Errorf("%s: %v", b.Name, err)
		}
		if b.Workload != "" && !slices.Contains(workloads.Names(), b.Workload) {
			t.Errorf("%s needs the workload %q", b.Name, b.Workload)
		}
		if w, _ := workloads.ByName(b.Workload); !b.ActsOn(w.Ops) || kind.Understand(b.Ops) != nil {
			t.Errorf("%s acts on %v, and the workload %s does %v", b.Name, b.Ops, b.Workload, w.Ops)
		}
		p := parts(b.Name)
		if p.FSM == nil && p.Logs == nil && p.Stable == nil && p.Read == nil && p.Config == nil && p.Write == nil && p.Quorum == nil && p.Client == nil {
			t.Errorf("%s decorates nothing", b.Name)
		}
	}
}

// A clean run has no parts to look at.
func TestNoBug(t *testing.T) {
	if parts("") != nil {
		t.Error("no bug has parts")
	}
}
