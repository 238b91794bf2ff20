package campaign

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	_ "faultline/cluster/kinds"

	"go.uber.org/goleak"

	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	goleak.VerifyTestMain(m)
}

// quickPlan is of runs that take a few seconds of their own time and a tenth of one of ours, and that are valid.
func quickPlan(count int) Plan {
	return Plan{Count: count, CheckTimeout: 10 * time.Second, Keep: 1, Spec: world.Spec{Seed: 1, TimeLimit: 4 * time.Second,
		Rate: 200, Concurrency: 5, Workload: "register", Nemesis: []string{"partition"}, Interval: time.Second,
		Clock: world.Virtual, Nodes: 3}}
}

// invalidPlan is of runs that are invalid.
func invalidPlan(count int) Plan {
	p := quickPlan(count)
	p.Spec.Mode, p.Spec.Options.Keys = "stale", 2
	return p
}

func create(t *testing.T, p Plan, o Options) *Campaign {
	t.Helper()
	c, err := Create(t.TempDir(), "test", p, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.journal.close) // of campaigns that are not run
	return c
}

func resume(t *testing.T, c *Campaign) *Campaign {
	t.Helper()
	again, err := Resume(filepath.Dir(c.Dir()), filepath.Base(c.Dir()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(again.journal.close)
	return again
}

func run(t *testing.T, c *Campaign) *Outcome {
	t.Helper()
	o, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// lines reads campaign.jsonl; it refuses a seed that is there twice.
func lines(t *testing.T, c *Campaign) []Line {
	t.Helper()
	b, err := os.ReadFile(c.dir.RecordPath())
	if err != nil {
		t.Fatal(err)
	}
	ls, err := parseLines(c.dir.RecordPath(), b)
	if err != nil {
		t.Fatal(err)
	}
	return ls
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
