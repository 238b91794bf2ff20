package export_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/historytest"
	"faultline/results"
	"faultline/results/export"
)

// traceEvent is one as a reader of the format sees it. Times are in microseconds.
type traceEvent struct {
	Ph   string
	Name string
	Cat  string
	Ts   *float64
	Dur  float64
	Pid  int
	Tid  int
	ID   string
	Bp   string
	Args map[string]any
}

func (e traceEvent) ns() int64 { return int64(math.Round(*e.Ts * 1000)) }

func (e traceEvent) endNS() int64 { return e.ns() + int64(math.Round(e.Dur*1000)) }

type thread struct{ pid, tid int }

func (e traceEvent) thread() thread { return thread{e.Pid, e.Tid} }

func perfetto(t *testing.T, r *results.Run, messages []report.Message) []traceEvent {
	t.Helper()
	var file struct{ TraceEvents []traceEvent }
	b := written(t, func(w io.Writer) error { return export.Perfetto(w, r, messages) })
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	return file.TraceEvents
}

// obeys checks the rules of Perfetto's importer: times are there and do not decrease, slices of a thread nest, an
// asynchronous event begins once and then ends once, a flow begins and then ends, both within a slice of their thread,
// and each process and thread that has events has a name.
func obeys(t *testing.T, events []traceEvent) {
	t.Helper()
	last := int64(0)
	named := map[thread]bool{}
	slicesOf := map[thread][]traceEvent{}
	begun, flows := map[string]int64{}, map[string]int64{}
	for _, e := range events {
		if e.Ph == "M" {
			if e.Name == "thread_name" || e.Name == "process_name" {
				named[e.thread()] = true
			}
			continue
		}
		if e.Ts == nil || e.ns() < last {
			t.Fatalf("%+v comes after %d", e, last)
		}
		last = e.ns()
		if !named[thread{e.Pid, 0}] || e.Ph != "C" && !named[e.thread()] {
			t.Errorf("%+v is of nobody", e)
		}
		id := e.Cat + " " + e.ID
		switch e.Ph {
		case "X":
			slicesOf[e.thread()] = append(slicesOf[e.thread()], e)
		case "b":
			if _, ok := begun[id]; ok {
				t.Errorf("%+v has begun already", e)
			}
			begun[id] = e.ns()
		case "e":
			if at, ok := begun[id]; !ok || e.ns() < at {
				t.Errorf("%+v ends and has not begun", e)
			}
			delete(begun, id)
		case "s":
			flows[id] = e.ns()
		case "f":
			if at, ok := flows[id]; !ok || e.ns() < at || e.Bp != "e" {
				t.Errorf("%+v ends and has not begun", e)
			}
			delete(flows, id)
		case "C", "i":
		default:
			t.Errorf("%+v is of no kind that is used here", e)
		}
	}
	if len(begun) > 0 || len(flows) > 0 {
		t.Errorf("these never end: %v, %v", begun, flows)
	}
	for _, all := range slicesOf {
		nests(t, all)
	}
	for _, e := range events {
		if (e.Ph == "s" || e.Ph == "f") && !within(slicesOf[e.thread()], e.ns()) {
			t.Errorf("%+v is in no slice", e)
		}
	}
}

// nests checks that of two slices that overlap one is in the other. They are in order of their begin.
func nests(t *testing.T, all []traceEvent) {
	t.Helper()
	var open []int64
	for _, e := range all {
		for len(open) > 0 && open[len(open)-1] <= e.ns() {
			open = open[:len(open)-1]
		}
		if len(open) > 0 && e.endNS() > open[len(open)-1] {
			t.Errorf("%+v outlives the slice that it is in, which ends at %d", e, open[len(open)-1])
		}
		open = append(open, e.endNS())
	}
}

func within(all []traceEvent, at int64) bool {
	k, found := slices.BinarySearchFunc(all, at, func(e traceEvent, at int64) int { return cmp.Compare(e.ns(), at) })
	if found {
		k++
	}
	// None of the slices here is within another one, but the first of two may be of no length.
	for k--; k >= 0; k-- {
		if at < all[k].endNS() {
			return true
		}
		if all[k].ns() < at {
			return false
		}
	}
	return false
}

func TestPerfettoOfARun(t *testing.T) {
	r := realRun(t)
	events := perfetto(t, r.Run, r.messages)
	obeys(t, events)

	count := map[string]int{}
	wrong := 0
	for _, e := range events {
		count[e.Ph+" "+e.Cat]++
		if e.Ph == "C" {
			count["C "+e.Name]++
		}
		if e.Args["violation"] != nil {
			wrong++
		}
	}
	ops, err := r.History.AllOperations()
	if err != nil {
		t.Fatal(err)
	}
	arrived := 0
	for _, m := range r.messages {
		if m.Received >= 0 {
			arrived++
		}
	}
	if got := count["X ok"] + count["X info"] + count["X fail"]; got != len(ops) {
		t.Errorf("%d slices for %d operations", got, len(ops))
	}
	if got := count["s message"]; got != arrived {
		t.Errorf("%d flows for %d messages that arrived", got, arrived)
	}
	if got, want := count["b fault"], len(r.History.Faults()); got != want || want < 5 {
		t.Errorf("%d of %d faults", got, want)
	}
	for _, name := range []string{"X leader", "X follower", "X down", "X paused", "C term", "C commit index", "C applied index", "C last log index", "C snapshot index", "i snapshot"} {
		if count[name] == 0 {
			t.Errorf("there is no %s: %v", name, count)
		}
	}
	if wrong == 0 {
		t.Error("the operations that cannot be ordered do not stand out")
	}
}

func TestPerfettoWithoutATrace(t *testing.T) {
	r := realRun(t)
	events := perfetto(t, r.Run, nil)
	obeys(t, events)
	for _, e := range events {
		if e.Cat == "message" {
			t.Fatalf("a message: %+v", e)
		}
	}
}

func TestPerfettoOfHostileRuns(t *testing.T) {
	for i, text := range hostile {
		r, messages := hostileRun(t, text)
		t.Run(fmt.Sprint(i), func(t *testing.T) { obeys(t, perfetto(t, r, messages)) })
	}
	obeys(t, perfetto(t, &results.Run{History: &history.Tape{}}, nil)) // a world that crashed
}

// Requests that overlap in any way, answered or not, to whomever, keep the rules.
func TestPerfettoOfAnyMessages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		names := []string{"n1", "n2", "process 1", "client 2"}
		r := &results.Run{History: historytest.Tape(t,
			history.Event{Time: 0, Process: 1, Type: history.Invoke, F: "read"}, history.Event{Time: 100, Process: 1, Type: history.OK, F: "read"})}
		var messages []report.Message
		at := time.Duration(0)
		moment := rapid.Map(rapid.IntRange(0, 20), func(n int) time.Duration { return time.Duration(n) })
		for range rapid.IntRange(0, 30).Draw(rt, "messages") {
			if at += moment.Draw(rt, "pause"); at > 90 {
				break
			}
			m := report.Message{ID: len(messages) + 1, From: rapid.SampledFrom(names).Draw(rt, "from"), To: rapid.SampledFrom(names[:2]).Draw(rt, "to"),
				Kind: "x", Sent: at, Received: -1}
			if i := rapid.IntRange(-1, len(messages)-1).Draw(rt, "answers"); i >= 0 {
				if q := messages[i]; q.ReplyTo == 0 && q.Received >= 0 && q.Received <= at && !slices.ContainsFunc(messages, func(a report.Message) bool { return a.ReplyTo == q.ID }) {
					m.From, m.To, m.ReplyTo = q.To, q.From, q.ID
				}
			}
			if rapid.Bool().Draw(rt, "arrives") {
				m.Received = min(at+1+moment.Draw(rt, "delay"), 100)
			}
			messages = append(messages, m)
		}
		obeys(t, perfetto(t, r, messages))
		if t.Failed() {
			rt.Fatalf("%+v", messages)
		}
	})
}
