package trial

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"faultline/checker"
	"faultline/world"
)

// facts are the numbers and nodes that a cause may name.
type facts map[string]bool

func factsOf(r *world.Result) facts {
	known := facts{}
	index := func(n uint64) { known[fmt.Sprint("index ", n)] = true }
	moment := func(at time.Duration) { known[fmt.Sprintf("%.1f s", at.Seconds())] = true }
	for _, t := range r.Report.Track {
		moment(t.Time)
		known[t.Node], known[fmt.Sprint("term ", t.Term)] = true, true
	}
	for _, p := range r.Report.Progress {
		moment(p.Time)
		index(p.Last)
		index(p.Applied)
	}
	for _, f := range r.History.Faults() {
		moment(f.Begin)
	}
	for e := range r.History.All() {
		index(e.LogIndex)
	}
	return known
}

var (
	claimed = regexp.MustCompile(`\d+\.\d s|term \d+|index \d+|\bn\d+`)
	applied = regexp.MustCompile(`(applied|ended at) (\d+)`) // these are indices, too
)

// Each cause is made of facts of the record, most stale reads at a weak level have one, and whoever judges again comes to the same.
func TestCausesAreFacts(t *testing.T) {
	spec := world.Spec{TimeLimit: time.Minute, Rate: 200, Concurrency: 10, Workload: "register", Nemesis: []string{"partition", "crash"},
		Interval: 5 * time.Second, Clock: world.Virtual, Mode: "leader"}
	told, findings := 0, 0
	for spec.Seed = 1; spec.Seed <= 3; spec.Seed++ {
		in, err := Draw(spec, "")
		if err != nil {
			t.Fatal(err)
		}
		r, err := world.Run(context.Background(), in, world.Bounds{})
		if err != nil {
			t.Fatal(err)
		}
		known, again := factsOf(r), verdictIn(t, in, r)
		for i, p := range verdictIn(t, in, r).Parts {
			for j, f := range p.Findings {
				if findings++; f.Cause == "" {
					continue
				}
				told++
				for _, fact := range claimed.FindAllString(applied.ReplaceAllString(f.Cause, "$1 index $2"), -1) {
					if !known[fact] {
						t.Errorf("seed %d: %s: the record has no %q", spec.Seed, f.Cause, fact)
					}
				}
				if other := again.Parts[i].Findings[j].Cause; other != f.Cause {
					t.Errorf("seed %d: got %q and then %q", spec.Seed, f.Cause, other)
				}
			}
		}
	}
	t.Logf("%d findings, %d with a cause", findings, told)
	if told == 0 || told < findings*3/4 {
		t.Errorf("%d of %d findings have a cause", told, findings)
	}
}

func verdictIn(t *testing.T, in world.Input, r *world.Result) checker.Verdict {
	t.Helper()
	v, _, err := Judge(context.Background(), in, r, checker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}
