package shrink

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faultline/campaign/internal/trialtest"
	"faultline/campaign/replay"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
	"faultline/history"
	"faultline/history/historytest"
	"faultline/results"
	"faultline/world"
)

// stored runs a spec and returns the run's directory.
func stored(t *testing.T, s world.Spec) string {
	t.Helper()
	return trialtest.Store(t, trialtest.Run(t, s, ""))
}

// refusing is a runner of a system that cannot be tested.
type refusing struct{}

func (refusing) Run(context.Context, world.Input) (*trial.Trial, error) {
	return nil, &cluster.RefusedError{Reason: "n1 is not ready"}
}

// A store may start with one seed and not with another. The search goes on with what it has.
func TestACandidateThatIsRefused(t *testing.T) {
	if o, err := (kind{}).tester(refusing{})(t.Context(), candidate{}); o.fails || err != nil {
		t.Errorf("%+v, %v", o, err)
	}
}

func shrunk(t *testing.T, ctx context.Context, dir string, o Options) (*Result, error) {
	t.Helper()
	run, err := replay.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if o.Pool.Runner == nil {
		o.Pool = trialtest.Pool(0)
	}
	o.Command = func(_ world.Spec, file string) string { return "with schedule " + file }
	return Search(ctx, run, o)
}

// again replays a stored run.
func again(t *testing.T, dir string) *replay.Result {
	t.Helper()
	run, err := replay.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := run.Replay(t.Context(), trial.Local{}, replay.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Stale reads need no faults, one client and one key. What is found is a run like any other, beside the one that
// was shrunk, and it comes out the same when it is replayed.
func TestShrink(t *testing.T) {
	dir := stored(t, trialtest.Stale())
	var last trial.Progress
	r, err := shrunk(t, t.Context(), dir, Options{Told: func(p trial.Progress) { last = p }})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := r.Before, r.After; a.Events == 0 || b.Events > 0 || b.Clients != 1 || b.Keys != 1 || b.Operations >= 20 || b.TimeLimit >= time.Second {
		t.Errorf("from %+v to %+v", a, b)
	}
	if !r.Same || r.Stopped != "" || r.Verdict.Validity != checker.Invalid || len(r.Verdict.Parts[0].Findings[0].Operations) == 0 {
		t.Errorf("%+v", r)
	}
	if last.Best != r.After.String() || last.Done != r.Worlds {
		t.Errorf("last it told of %+v", last)
	}
	if want := dir + "-shrunk"; r.Dir != want {
		t.Errorf("it is in %s, not %s", r.Dir, want)
	}
	if once := again(t, r.Dir); !once.Same || len(once.Edited) > 0 || once.Digest != r.Digest {
		t.Errorf("the replay: %+v", once)
	}
}

// The same run is shrunk to the same run, however many worlds there are at once.
func TestShrinkIsTheSameAgain(t *testing.T) {
	dir := stored(t, trialtest.Stale()) // latest is what was found last
	one, err := shrunk(t, t.Context(), dir, Options{Pool: trialtest.Pool(1)})
	if err != nil {
		t.Fatal(err)
	}
	three, err := shrunk(t, t.Context(), dir, Options{Pool: trialtest.Pool(3)})
	if err != nil {
		t.Fatal(err)
	}
	if one.Digest != three.Digest || one.After != three.After || one.Worlds != three.Worlds || three.Dir != one.Dir+"_2" {
		t.Errorf("one at a time:\n%+v\nthree at a time:\n%+v", one, three)
	}
}

// A leader that has just been elected answers before it knows what was written: that needs an event. What is found
// names the schedule that it is stored with.
func TestShrinkKeepsTheEventsThatAreNeeded(t *testing.T) {
	const schedule = "1.5s crash leader\n2.9s restart all\n"
	spec := trialtest.Quick()
	spec.Mode, spec.Options.Keys, spec.TimeLimit = "leader", 1, 3*time.Second
	found := trialtest.Run(t, spec, schedule)
	for found.Verdict.Validity != checker.Invalid && spec.Seed < 40 {
		spec.Seed++
		found = trialtest.Run(t, spec, schedule)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := shrunk(t, ctx, trialtest.Store(t, found), Options{Told: func(p trial.Progress) {
		if strings.HasPrefix(p.Best, "1 event,") {
			cancel() // the rest takes hundreds of worlds
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	smallest, err := results.ReadRun(r.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if r.After.Events != 1 || smallest.Schedule != r.Schedule || r.Replay != smallest.Replay ||
		smallest.Replay != "with schedule "+filepath.Join(r.Dir, "schedule.txt") {
		t.Errorf("%+v, of which the page says %q", r, smallest.Replay)
	}
	if once := again(t, r.Dir); !once.Same || len(once.Edited) > 0 {
		t.Errorf("the replay: %+v", once)
	}
}

// Interrupted, or out of time, it keeps the best there is.
func TestShrinkThatIsEnded(t *testing.T) {
	dir := stored(t, trialtest.Stale())
	ctx, cancel := context.WithCancel(t.Context())
	r, err := shrunk(t, ctx, dir, Options{Pool: trialtest.Pool(1), Told: func(p trial.Progress) {
		if strings.HasPrefix(p.Best, "0 events,") {
			cancel()
		}
	}})
	if err != nil || r.Stopped != Interrupted || r.Dir == "" || !r.Same || r.After.Events > 0 || r.Verdict.Validity != checker.Invalid {
		t.Errorf("%v: %+v", err, r)
	}
	if _, err = shrunk(t, ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted before it began: %v", err)
	}
	if _, err = shrunk(t, t.Context(), dir, Options{Time: 1}); !errors.Is(err, errOutOfTime) {
		t.Errorf("no time at all: %v", err)
	}
}

// A search that may have so many worlds has no more, and comes to the same however many there are at once.
func TestShrinkInSomeWorlds(t *testing.T) {
	dir := stored(t, trialtest.Stale())
	for _, worlds := range []int{1, 20} {
		var before *Result
		for _, workers := range []int{1, 3} {
			r, err := shrunk(t, t.Context(), dir, Options{Pool: trialtest.Pool(workers), Worlds: worlds})
			if err != nil || r.Stopped != OutOfWorlds || r.Worlds != worlds || !r.Same || (r.Dir == "") != (worlds == 1) {
				t.Fatalf("%d worlds: %v: %+v", worlds, err, r)
			}
			if before != nil && before.Digest != r.Digest {
				t.Errorf("%d worlds: there were %+v, and with %d at once %+v", worlds, before, workers, r)
			}
			before = r
		}
	}
}

// The schedule as it was carried out is where the search begins, and nothing smaller.
func TestNodesInPlaceOfSymbolsAreNotSmaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	worlds := 0
	dir := trialtest.Store(t, trialtest.Run(t, trialtest.Stale(), "1.5s crash leader\n2.9s restart all\n"))
	r, err := shrunk(t, ctx, dir, Options{Pool: trialtest.Pool(1), Told: func(trial.Progress) {
		if worlds++; worlds == 1 { // the original is not told of
			cancel()
		}
	}})
	if err != nil || r.Stopped != Interrupted || r.Dir != "" || r.After != r.Before || !strings.Contains(r.Schedule, "leader") {
		t.Errorf("%v: %+v", err, r)
	}
}

// What did not fail, or does not fail again, is refused with the reason.
func TestShrinkRefuses(t *testing.T) {
	valid := stored(t, trialtest.Quick())
	mended := stored(t, trialtest.Stale())
	spec := filepath.Join(mended, "spec.json")
	trialtest.Write(t, spec, strings.Replace(trialtest.Read(t, spec), `"stale"`, `"log"`, 1))
	real := stored(t, trialtest.Stale())
	spec = filepath.Join(real, "spec.json")
	trialtest.Write(t, spec, strings.Replace(trialtest.Read(t, spec), `"virtual"`, `"real"`, 1))
	for dir, want := range map[string]string{
		valid:  "there is nothing to shrink: the run is valid: ",
		mended: "there is nothing to shrink: as edited, the run is valid: ",
		real:   "there is nothing to shrink: the run was made in real time",
	} {
		before, _ := os.ReadDir(filepath.Dir(dir))
		_, err := shrunk(t, t.Context(), dir, Options{})
		if !errors.Is(err, ErrNotInvalid) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		if after, _ := os.ReadDir(filepath.Dir(dir)); len(after) != len(before) {
			t.Errorf("something was stored in %s", filepath.Dir(dir))
		}
	}
}

// A violation of another kind is another violation, and unknown is none.
func TestKind(t *testing.T) {
	part := func(name string, v checker.Validity, shown []checker.Involved) checker.Part {
		return checker.Part{Name: name, Validity: v, Findings: []checker.Finding{{Validity: v, Operations: shown}}}
	}
	shown := []checker.Involved{{Invoked: 0, Returned: -1}}
	order, other := part("linearizable", checker.Invalid, shown), part("recovered", checker.Invalid, nil)
	unexplained, unknown := part("linearizable", checker.Invalid, nil), part("linearizable", checker.Unknown, nil)
	for _, tt := range []struct {
		name     string
		was, now []checker.Part
		same     bool
	}{
		{"the same", []checker.Part{order}, []checker.Part{order}, true},
		{"another part", []checker.Part{order}, []checker.Part{other}, false},
		{"another part besides", []checker.Part{order}, []checker.Part{other, order}, true},
		{"unknown", []checker.Part{order}, []checker.Part{unknown}, false},
		{"no explanation any more", []checker.Part{order}, []checker.Part{unexplained}, false},
		{"there never was an explanation", []checker.Part{unexplained}, []checker.Part{order}, true},
		{"a part without keys", []checker.Part{unknown, other}, []checker.Part{other}, true},
	} {
		k, ok := kindOf(checker.Conclude(tt.was...))
		run := trial.Trial{Run: results.Run{Verdict: checker.Conclude(tt.now...), History: historytest.Tape(t, history.Event{Type: history.Invoke})}}
		if got, err := k.outcome(&run); !ok || err != nil || got.fails != tt.same {
			t.Errorf("%s: %v, %v", tt.name, got.fails, err)
		}
	}
	if _, ok := kindOf(checker.Conclude(unknown)); ok {
		t.Error("unknown is taken for a violation")
	}
}
