package audit

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faultline/internal/audit/generate"
)

// audit collects differences by their kind.
type audit struct {
	t     *testing.T
	dir   string // where files are written to
	kinds map[string]*kind
}

type kind struct {
	count    int
	smallest sample
}

func newAudit(t *testing.T) *audit { return &audit{t, directory(t), map[string]*kind{}} }

// directory is in memory where that can be had.
func directory(t *testing.T) string {
	if dir, err := os.MkdirTemp("/dev/shm", "audit"); err == nil {
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return dir
	}
	return t.TempDir()
}

// question is what a judge is asked about a sample. Its answer is how the judge differs from the oracle; empty if it agrees.
type question func(sample) string

// found takes note of a difference.
func (a *audit) found(s sample, judge, difference string, ask question) {
	if difference == "" {
		return
	}
	name := judge + ", " + s.model + ": " + difference
	k := a.kinds[name]
	if k == nil {
		k = &kind{smallest: s}
		a.kinds[name] = k
	}
	if k.count++; k.count > 3 {
		return // minimizing takes longer than judging
	}
	if m := s.minimal(func(s sample) bool { return ask(s) == difference }); k.count == 1 || len(m.events) < len(k.smallest.events) {
		k.smallest = m
	}
}

// report fails the test for each kind of difference. With -audit.out the smallest histories are kept as EDN.
func (a *audit) report() {
	for name, k := range a.kinds {
		if why := reported(name, k.smallest); why != "" {
			a.t.Logf("%d × %s (%s)", k.count, name, why)
			continue
		}
		a.t.Errorf("%d × %s\n%v", k.count, name, k.smallest)
		if *out != "" {
			a.write(name, k)
		}
	}
}

func (a *audit) write(name string, k *kind) {
	file := strings.NewReplacer(" ", "-", ",", "", "/", "", ":", "").Replace(name)
	text := "; " + name + "\n" + string(generate.EDN(rand.New(rand.NewPCG(0, 0)), k.smallest.events))
	if err := os.WriteFile(filepath.Join(*out, file[:min(len(file), 80)]+".edn"), []byte(text), 0o644); err != nil {
		a.t.Error(err)
	}
}
