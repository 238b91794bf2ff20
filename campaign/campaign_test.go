package campaign

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faultline/campaign/internal/trialtest"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/results"
	"faultline/world"
)

// Every seed of the plan is run once and has one line; the whole is valid if all are, and the summary is
// there. Only as many valid runs as asked for keep their files.
func TestACampaign(t *testing.T) {
	p := quickPlan(4)
	p.Spec.Seed, p.Keep = 7, 2
	c := create(t, p, Options{})
	var told []int
	c.OnRun(func(l results.Line, p trial.Progress) {
		told = append(told, p.Done)
		if p.Count != 4 || p.Fresh != p.Done || l.Verdict != checker.Valid {
			t.Errorf("progress %+v", p)
		}
	})
	o := run(t, c)
	if o.Verdict != checker.Valid || o.Count(checker.Valid) != 4 {
		t.Fatalf("%v: %+v", o.Verdict, o.Lines)
	}
	var seeds []uint64
	kept := 0
	for _, l := range o.Lines {
		seeds = append(seeds, l.Seed)
		if l.Dir != "" {
			kept++
			if r, err := results.ReadRun(filepath.Join(c.Dir(), l.Dir)); err != nil || r.Digest != l.Digest || r.Seed != l.Seed {
				t.Errorf("the stored run of seed %d: %v", l.Seed, err)
			}
		}
	}
	if !slices.Equal(seeds, []uint64{7, 8, 9, 10}) || kept != 2 {
		t.Errorf("seeds %v, %d kept", seeds, kept)
	}
	if !slices.Equal(told, []int{1, 2, 3, 4}) {
		t.Errorf("progress was told at %v", told)
	}
	if len(lines(t, c)) != 4 {
		t.Errorf("%d lines", len(lines(t, c)))
	}
	if o.Statistics.Runs != 4 || o.Statistics.Operations() < 4*100 || o.Virtual < 4*p.Spec.TimeLimit || o.Speed() <= 0 {
		t.Errorf("%d runs, %d operations, %v, speed %v", o.Statistics.Runs, o.Statistics.Operations(), o.Virtual, o.Speed())
	}
	if page := trialtest.Read(t, filepath.Join(c.Dir(), "index.html")); !strings.Contains(page, "valid") {
		t.Error("there is no summary")
	}
}

// A campaign that is stopped and resumed, at whatever run, comes to the lines of one that was not; what was
// not run is unknown until then. A campaign that is finished has nothing left to run.
func TestResume(t *testing.T) {
	p := quickPlan(5)
	whole := run(t, create(t, p, Options{}))

	c := create(t, p, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	c.OnRun(func(_ results.Line, p trial.Progress) {
		if p.Done == 2 {
			cancel()
		}
	})
	o, err := c.Run(ctx, trialtest.Pool(1))
	if err != nil {
		t.Fatal(err)
	}
	if o.Verdict != checker.Unknown || len(o.Lines) != 2 || o.Planned != 5 {
		t.Fatalf("stopped: %v, %d of %d", o.Verdict, len(o.Lines), o.Planned)
	}
	for _, left := range []int{3, 0} {
		again, ran := resume(t, c), 0
		again.OnRun(func(_ results.Line, p trial.Progress) {
			if ran++; p.Fresh != ran || p.Done != 5-left+ran {
				t.Errorf("progress %+v", p)
			}
		})
		o = run(t, again)
		if ran != left {
			t.Errorf("%d were left to run, and %d were run", left, ran)
		}
	}
	if o.Verdict != whole.Verdict || len(o.Lines) != 5 || len(lines(t, c)) != 5 {
		t.Fatalf("%v, %d lines", o.Verdict, len(o.Lines))
	}
	for i, l := range o.Lines {
		if w := whole.Lines[i]; l.Seed != w.Seed || l.Digest != w.Digest || l.Verdict != w.Verdict {
			t.Errorf("seed %d: %s %v, and in one go %s %v", l.Seed, l.Digest, l.Verdict, w.Digest, w.Verdict)
		}
	}
	if got, want := o.Statistics.Operations(), whole.Statistics.Operations(); got != want {
		t.Errorf("%d operations, and in one go %d", got, want)
	}
}

// One invalid run makes the campaign invalid, and its files are kept whatever the number to keep.
func TestAnInvalidRun(t *testing.T) {
	p := invalidPlan(2)
	p.Keep = 0
	c := create(t, p, Options{Command: func(s world.Spec, _ string) string { return "again with " + s.Mode }})
	o := run(t, c)
	if o.Verdict != checker.Invalid {
		t.Fatalf("%v: %+v", o.Verdict, o.Lines)
	}
	for _, l := range o.Lines {
		if (l.Verdict == checker.Invalid) != (l.Dir != "") {
			t.Errorf("seed %d is %v and kept in %q", l.Seed, l.Verdict, l.Dir)
		}
		if l.Dir == "" {
			continue
		}
		if page := trialtest.Read(t, filepath.Join(c.Dir(), l.Dir, "index.html")); !strings.Contains(page, "again with stale") {
			t.Errorf("the page of seed %d does not say how to run it again", l.Seed)
		}
	}
}

// Fail fast means that nothing is begun after the first run that is not valid.
func TestFailFast(t *testing.T) {
	p := invalidPlan(50)
	p.FailFast = true
	c := create(t, p, Options{})
	o, err := c.Run(t.Context(), trialtest.Pool(2))
	if err != nil {
		t.Fatal(err)
	}
	if o.Verdict != checker.Invalid || len(o.Lines) > 4 {
		t.Errorf("%v after %d runs", o.Verdict, len(o.Lines))
	}
	if len(lines(t, c)) != len(o.Lines) {
		t.Errorf("%d lines are recorded, and %d told", len(lines(t, c)), len(o.Lines))
	}
}

// A run that tested nothing is unknown, and so is the campaign.
func TestARunThatTestedNothing(t *testing.T) {
	p := quickPlan(1)
	p.Spec.Rate = 0.5
	o := run(t, create(t, p, Options{}))
	if o.Verdict != checker.Unknown || !strings.Contains(o.Lines[0].Reason, "tested nothing") {
		t.Errorf("%v: %+v", o.Verdict, o.Lines)
	}
}

// A world that crashed is an unknown run; what it said in its dying is kept, and its place in the campaign is
// taken: it is not run again when the campaign is resumed.
func TestACrashedWorld(t *testing.T) {
	p := quickPlan(1)
	p.Spec.TimeLimit = 10 * 60e9 // long enough to be caught
	p.Keep = 0
	c := create(t, p, Options{})
	o, err := c.Run(t.Context(), trial.Pool{Runner: trial.Local{Bounds: world.Bounds{Memory: 1 << 20}}})
	if err != nil {
		t.Fatal(err)
	}
	l := o.Lines[0]
	if o.Verdict != checker.Unknown || !strings.Contains(l.Reason, "the world crashed: it uses") || l.Replay != "" {
		t.Fatalf("%v: %+v", o.Verdict, l)
	}
	if dump := trialtest.Read(t, filepath.Join(c.Dir(), l.Dir, "nodes", "crash.log")); !strings.Contains(dump, "goroutine") {
		t.Errorf("the dump is %q", dump)
	}
	if _, err := results.ReadRun(filepath.Join(c.Dir(), l.Dir)); err != nil {
		t.Error(err)
	}
	if again := run(t, resume(t, c)); len(again.Lines) != 1 || again.Verdict != checker.Unknown {
		t.Errorf("resumed: %v, %d lines", again.Verdict, len(again.Lines))
	}
}

// A name stands for one campaign.
func TestNames(t *testing.T) {
	c := create(t, quickPlan(1), Options{})
	root := filepath.Dir(c.Dir())
	if _, err := Create(root, "test", quickPlan(1), Options{}); !errors.Is(err, ErrRunning) {
		t.Errorf("while it is run: %v", err)
	}
	c.journal.close()
	_, err := Create(root, "test", quickPlan(1), Options{})
	if want := "campaign " + c.Dir() + " exists already: resume it, or choose another name"; !errors.Is(err, ErrTaken) || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if _, err := Create(root, "../test", quickPlan(1), Options{}); err == nil {
		t.Error("a name led out of the root")
	}
}

// A directory that cannot be used is found out about before anything is run.
func TestUnusableDirectories(t *testing.T) {
	root := filepath.Join(t.TempDir(), "results")
	trialtest.Write(t, root, "a file in the way\n")
	_, err := Create(root, "test", quickPlan(1), Options{})
	if err == nil || !strings.Contains(err.Error(), "a file is where a directory should be") {
		t.Errorf("got %v", err)
	}
	if _, err := Resume(root, "test", Options{}); err == nil {
		t.Error("a campaign was resumed that does not exist")
	}
	if got := trialtest.Read(t, root); got != "a file in the way\n" {
		t.Errorf("the file is now %q", got)
	}
	if _, err := os.Stat(filepath.Join(root, "test")); err == nil {
		t.Error("something was made")
	}
}
