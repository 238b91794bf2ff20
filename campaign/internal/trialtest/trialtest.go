// Package trialtest has what the tests of the packages that run trials share: specs of worlds that are over soon, runs
// that are stored, and files.
package trialtest

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/results"
	"faultline/world"
)

// Quick is a spec of worlds that take a few seconds of their own time and a tenth of one of ours, and that are valid.
func Quick() world.Spec {
	return world.Spec{Seed: 1, TimeLimit: 4 * time.Second, Rate: 200, Concurrency: 5, Workload: "register",
		Nemesis: []string{"partition"}, Interval: time.Second, Clock: world.Virtual, Nodes: 3}
}

// Stale is a spec of worlds like those, that are invalid.
func Stale() world.Spec {
	s := Quick()
	s.Mode, s.Options.Keys = "stale", 2
	return s
}

// Default is the spec of runs as the command line makes them that says nothing else.
func Default() world.Spec {
	return world.Spec{Seed: 1, TimeLimit: time.Minute, Rate: 200, Concurrency: 10, Workload: "register",
		Nemesis: []string{"partition", "crash"}, Interval: 5 * time.Second, Clock: world.Virtual}
}

// Pool runs trials on this machine; 0 workers for one on each core.
func Pool(workers int) trial.Pool { return trial.Pool{Runner: trial.Local{}, Workers: workers} }

// Run runs one seed, by the schedule or by the one that is drawn if there is none.
func Run(t *testing.T, s world.Spec, schedule string) *trial.Trial {
	t.Helper()
	in, err := trial.Draw(s, schedule)
	if err != nil {
		t.Fatal(err)
	}
	run, err := trial.Local{}.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// Store keeps a run in a campaign of its own, and returns its directory.
func Store(t *testing.T, run *trial.Trial) string {
	t.Helper()
	c, err := results.OpenCampaign(t.TempDir(), "test")
	if err != nil {
		t.Fatal(err)
	}
	name, err := c.WriteRun(&run.Run)
	if err != nil {
		t.Fatal(err)
	}
	return Resolve(t, filepath.Join(c.Dir(), name))
}

// Resolve is a path without links in it.
func Resolve(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Write makes a file.
func Write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Read reads a file.
func Read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
