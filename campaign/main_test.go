package campaign

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"faultline/campaign/internal/trialtest"
	_ "faultline/cluster/kinds"
	"faultline/results"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	goleak.VerifyTestMain(m)
}

// quickPlan is of runs that are over soon and valid.
func quickPlan(count int) Plan {
	return Plan{Spec: trialtest.Quick(), Count: count, CheckTimeout: 10 * time.Second, Keep: 1}
}

// invalidPlan is of runs that are invalid.
func invalidPlan(count int) Plan {
	p := quickPlan(count)
	p.Spec = trialtest.Stale()
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
	o, err := c.Run(context.Background(), trialtest.Pool(0))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// lines reads campaign.jsonl; it refuses a seed that is there twice.
func lines(t *testing.T, c *Campaign) []results.Line {
	t.Helper()
	b, err := os.ReadFile(c.dir.RecordPath())
	if err != nil {
		t.Fatal(err)
	}
	ls, err := results.ParseLines(c.dir.RecordPath(), b)
	if err != nil {
		t.Fatal(err)
	}
	return ls
}
