package campaign

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/campaign/gallery"
	"faultline/campaign/internal/trialtest"
	"faultline/checker"
	"faultline/results"
)

// A canary is planted in campaigns of a hundred runs, and in none that has a bug of its own. Which one it is
// follows from the seed.
func TestWhichCanary(t *testing.T) {
	p := quickPlan(canaryFrom)
	bug, planted := p.canary()
	if !planted || bug != canaries(p.Spec)[1] {
		t.Errorf("seed 1: %s, %v", bug, planted)
	}
	p.Spec.Seed = uint64(len(canaries(p.Spec)))
	if bug, _ = p.canary(); bug != canaries(p.Spec)[0] {
		t.Errorf("seed %d: %s", p.Spec.Seed, bug)
	}
	p.Spec.Bug = "late-cas"
	if _, planted = p.canary(); planted {
		t.Error("beside a planted bug")
	}
	if _, planted = quickPlan(canaryFrom - 1).canary(); planted {
		t.Error("in a small campaign")
	}
}

// A bug is a canary only by workloads that show it, and where it breaks what histories are held to.
func TestWhereThereIsACanary(t *testing.T) {
	s, err := trialtest.Default().WithDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s.Options.ConsistencyModels = []string{"eventual"}
	if names := canaries(s); names != nil {
		t.Errorf("of eventual consistency: %v", names)
	}
	s.Options.ConsistencyModels = []string{"eventual", "linearizable"}
	if canaries(s) == nil {
		t.Error("none of linearizability")
	}
	s.System, s.Mode, s.Options.ConsistencyModels, s.Config = "txnkv", "strict-serializable", nil, nil
	for workload, want := range map[string]bool{"list-append": true, "rw-register": false} {
		s.Workload = workload
		if slices.Contains(canaries(s), "step-repeated") != want { // whoever repeats a write writes the same
			t.Errorf("%s: %v", workload, canaries(s))
		}
	}
}

// Runs with a canary have the usual faults, except those that break what a mode is meant to keep.
func TestCanariesHaveFaults(t *testing.T) {
	p := quickPlan(canaryFrom)
	p.Spec.Nemesis = []string{"clock"}
	if s := p.stage(); !slices.Equal(s.Nemesis, []string{"clock", "partition", "crash"}) {
		t.Errorf("faults: %v", s.Nemesis)
	}
	p.Spec.System, p.Spec.Mode, p.Spec.Nemesis, p.Spec.Config = "broadcast", "best-effort", nil, nil
	if s := p.stage(); slices.Contains(s.Nemesis, "crash") {
		t.Errorf("whoever dies breaks best-effort broadcast: %v", s.Nemesis)
	}
}

// Every canary is found by settings that are far from the default: soon, without faults, and with no reads
// but those of the log.
func TestEveryCanaryIsFound(t *testing.T) {
	for _, bug := range canaries(trialtest.Default()) {
		h := &gallery.Hunt{Spec: trialtest.Default(), Count: Plan{Count: canaryFrom}.tries(), Pool: trialtest.Pool(1)}
		h.Spec.TimeLimit, h.Spec.Nemesis, h.Spec.Mode = 20*time.Second, nil, "log"
		f, err := h.Seek(t.Context(), bug)
		if err != nil {
			t.Fatal(err)
		}
		if !f.Found {
			t.Errorf("%s was not found: %s", bug, f.Reason)
		}
	}
}

// done makes a campaign of a hundred runs that were all valid, and goes on with it: the canary is left.
func done(t *testing.T, p Plan) *Campaign {
	t.Helper()
	p.Count = canaryFrom
	c := create(t, p, Options{})
	for i := range p.Count {
		if err := c.journal.append(results.Line{Seed: p.Spec.Seed + uint64(i), Verdict: checker.Valid}); err != nil {
			t.Fatal(err)
		}
	}
	c.journal.close()
	return resume(t, c)
}

// A canary that is found leaves the verdict as it is. It has no line, and is not looked for twice.
func TestACanaryThatIsFound(t *testing.T) {
	p := quickPlan(0)
	p.Spec.TimeLimit = 20 * time.Second
	c := done(t, p)
	o := run(t, c)
	if o.Verdict != checker.Valid || o.Canary == nil || !o.Canary.Found || o.Canary.Seed < p.Spec.Seed+canaryFrom {
		t.Fatalf("%v, canary %+v", o.Verdict, o.Canary)
	}
	if len(lines(t, c)) != canaryFrom || len(o.Lines) != canaryFrom {
		t.Errorf("%d lines", len(lines(t, c)))
	}
	if page := trialtest.Read(t, filepath.Join(c.Dir(), "index.html")); !strings.Contains(page, o.CanaryNote()) {
		t.Error("the summary does not tell of it")
	}
	wall := o.Canary.Wall
	if o = run(t, resume(t, c)); o.Canary == nil || o.Canary.Wall != wall {
		t.Errorf("looked for again: %+v", o.Canary)
	}
}

// A canary that is not found makes the whole unknown: here nothing can be, as clients do nearly nothing.
func TestACanaryThatIsNotFound(t *testing.T) {
	p := quickPlan(0)
	p.Spec.Rate = 1
	c := done(t, p)
	o := run(t, c)
	if o.Verdict != checker.Unknown || o.Canary == nil || o.Canary.Found || o.Canary.Runs != c.plan.tries() {
		t.Fatalf("%v, canary %+v", o.Verdict, o.Canary)
	}
	if page := trialtest.Read(t, filepath.Join(c.Dir(), "index.html")); !strings.Contains(page, "The canary was not found") {
		t.Error("the summary does not tell of it")
	}
}

// A campaign that is stopped before its canary was looked for is unknown, and looks for it when it goes on.
func TestACanaryThatIsLeft(t *testing.T) {
	p := quickPlan(0)
	p.Spec.TimeLimit = 20 * time.Second
	c := done(t, p)
	stopped, stop := context.WithCancel(context.Background())
	stop()
	o, err := c.Run(stopped, trialtest.Pool(1))
	if err != nil || o.Verdict != checker.Unknown || o.Canary != nil {
		t.Fatalf("%v, %v, canary %+v", err, o.Verdict, o.Canary)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), "canary.json")); err == nil {
		t.Error("there is a canary on record")
	}
	if o = run(t, resume(t, c)); o.Verdict != checker.Valid || !o.Canary.Found {
		t.Errorf("%v, canary %+v", o.Verdict, o.Canary)
	}
}
