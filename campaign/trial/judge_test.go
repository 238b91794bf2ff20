package trial

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/historytest"
	"faultline/world"
)

// healthy is a history of some operations on one key that are in order and answered.
func healthy() (events []history.Event) {
	for i := range 20 {
		at := time.Duration(i) * time.Millisecond
		events = append(events,
			history.Event{Time: at, Process: 1, Type: history.Invoke, F: "write", Key: "k1", Value: history.IntValue(int64(i))},
			history.Event{Time: at + 1, Process: 1, Type: history.OK, F: "write", Key: "k1", Value: history.IntValue(int64(i))})
	}
	return events
}

// A verdict is merged from what the workload promises, whether the cluster kept its own rules, whether anything was
// tested, and whether the cluster came back. What is not known is no pass.
func TestVerdictOfARun(t *testing.T) {
	backwards := healthy()
	backwards[3].Time = 0
	stale := healthy()
	stale = append(stale,
		history.Event{Time: time.Second, Process: 1, Type: history.Invoke, F: "read", Key: "k1"},
		history.Event{Time: time.Second, Process: 1, Type: history.OK, F: "read", Key: "k1", Value: history.IntValue(3)})
	tests := []struct {
		name     string
		events   []history.Event
		served   bool
		schedule string
		want     checker.Validity
		reason   string
	}{
		{"all is well", healthy(), true, "", checker.Valid, "20 operations on 1 key"},
		{"a stale read", stale, true, "", checker.Invalid, "read k1 = 3"},
		{"a stale read, and the cluster did not come back", stale, false, "", checker.Invalid, "read k1 = 3"},
		{"the cluster did not come back", healthy(), false, "", checker.Invalid, "never recovered"},
		{"no fault took effect", healthy(), true, "1s crash n1\n", checker.Unknown, "faults were wanted and none took effect"},
		{"no fault was wanted", healthy(), true, "# none\n", checker.Valid, ""},
		{"nobody did anything", nil, true, "", checker.Unknown, "tested nothing"},
		{"the history breaks the rules", backwards, true, "", checker.Unknown, "breaks the rules: event 3: time runs backwards"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := verdictOf(t, tt.schedule, &world.Result{History: historytest.Tape(t, tt.events...), Ending: checker.Ending{Served: tt.served}})
			if v.Validity != tt.want || !strings.Contains(v.Reason, tt.reason) {
				t.Errorf("%v: %s", v.Validity, v.Reason)
			}
		})
	}
}

func verdictOf(t *testing.T, schedule string, r *world.Result) checker.Verdict {
	t.Helper()
	v, _, err := Judge(context.Background(), world.Input{Spec: quick, Schedule: schedule}, r, checker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The header of a history says what a replay needs to know.
func TestHeader(t *testing.T) {
	in, err := Draw(quick, "")
	if err != nil {
		t.Fatal(err)
	}
	run, err := Local{}.Run(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	h := run.History.Header
	if h.Build != Build() || len(h.Build) != 16 || !strings.Contains(h.Machine, "/") || h.Replay == "" || !strings.Contains(string(h.Spec), `"seed":1`) {
		t.Errorf("%+v", h)
	}
}

// A broken invariant is a violation, even where no client saw anything of it.
func TestBrokenInvariants(t *testing.T) {
	r := &world.Result{History: historytest.Tape(t, healthy()...), Ending: checker.Ending{Served: true}, Report: report.Report{Violations: []report.Violation{
		{Time: 1500 * time.Millisecond, Node: "n2", Rule: "election safety", Text: "n1 and n2 both led in term 3"}}}}
	v := verdictOf(t, "", r)
	const want = "election safety is broken at 1.500s: n1 and n2 both led in term 3"
	if v.Validity != checker.Invalid || v.Reason != want {
		t.Errorf("%v: %s", v.Validity, v.Reason)
	}
}

// A node that stays behind is a violation, though the others serve.
func TestNeverCaughtUp(t *testing.T) {
	r := &world.Result{History: historytest.Tape(t, healthy()...), Ending: checker.Ending{Served: true, Behind: []string{"n1", "n3"}}}
	v := verdictOf(t, "", r)
	const want = "never caught up: n1 and n3 had not applied what was committed, a minute after everything was healed"
	if v.Validity != checker.Invalid || v.Reason != want {
		t.Errorf("%v: %s", v.Validity, v.Reason)
	}
}

// A check that is ended comes to no answer, and certainly not to a pass.
func TestACheckThatIsEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := &world.Result{History: historytest.Tape(t, healthy()...), Ending: checker.Ending{Served: true}}
	if v, _, err := Judge(ctx, world.Input{Spec: quick}, r, checker.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v: %v: %s", err, v.Validity, v.Reason)
	}
}

// A trial whose context has ended has no verdict, and no world is started for it.
func TestATrialThatIsEnded(t *testing.T) {
	in, err := Draw(quick, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if run, err := (Local{}).Run(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("%v: %+v", err, run)
	}
}

// panics is a checker with a defect.
type panics struct{}

func (panics) Name() string { return "mine" }

func (panics) Check(context.Context, checker.Input, checker.Options) checker.Part {
	panic("index out of range")
}

// panicking is one that sees operations one by one.
type panicking struct {
	panics
	when int // in which of its functions
}

func (p panicking) Begin(context.Context, checker.Options) checker.Pass {
	p.panicsIn(0)
	return p
}

func (p panicking) Add(*history.Event, *history.Operation) { p.panicsIn(1) }

func (p panicking) End(context.Context, checker.Input, []history.Operation) checker.Part {
	p.panicsIn(2)
	return checker.Part{Validity: checker.Valid}
}

func (p panicking) panicsIn(function int) {
	if p.when == function {
		p.Check(context.Background(), checker.Input{}, checker.Options{})
	}
}

// A checker that panics has no answer, and the trial goes on.
func TestACheckerThatPanics(t *testing.T) {
	for when := range 3 {
		all := asked(t.Context(), []checker.Checker{panics{}, panicking{when: when}}, checker.Options{})
		all.add(&history.Event{}, nil)
		all.add(&history.Event{}, nil)
		for _, p := range all.answers(t.Context(), checker.Input{}, nil) {
			if p.Validity != checker.Unknown || p.Name != "mine" || !strings.Contains(p.Reason, "the checker mine panicked: index out of range") {
				t.Errorf("%+v", p)
			}
		}
	}
}
