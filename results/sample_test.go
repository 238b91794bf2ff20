package results

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/system"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/historytest"
	"faultline/history/stats"
)

// sampleRun makes a run of a minute: a register for each of five keys, faults that make operations
// slow or time out, and one stale read.
func sampleRun(t testing.TB, seed uint64, rate int) *Run {
	t.Helper()
	h := sampleHistory(seed, rate)
	ops, err := history.Operations(h.Events)
	if err != nil {
		t.Fatal(err)
	}
	order := linear.Linearizable(linear.CASRegister(), ops, checker.Options{})
	in := checker.Input{Operations: ops, Statistics: stats.Measure(h.Events, ops, nil), Report: &report.Report{}, Faulty: true}
	tested := system.Tested().Check(context.Background(), in, checker.Options{})
	return &Run{
		Seed: seed, Started: time.Date(2026, 11, 22, 8, 52, 41, 5e6, time.UTC),
		Spec:     json.RawMessage(`{"workload":"register","nodes":5,"read":"stale","nemesis":["partition","crash"],"time_limit":"1m0s","rate":200}`),
		Schedule: "10s partition n1,n2 | n3,n4,n5\n18s heal\n25s crash n3\n40s restart n3\n",
		History:  taped(t, h.Header, h.Events), Verdict: checker.Conclude(order, tested), Statistics: in.Statistics,
		Report: report.Report{Counters: []report.Counter{{Name: "elections", Value: 4}, {Name: "snapshots sent", Value: 2}, {Name: "restarts", Value: 1}},
			Track: []report.Transition{
				{Time: 0, Node: "n1", Role: "follower", Term: 1}, {Time: 300 * time.Millisecond, Node: "n1", Role: "leader", Term: 1}, {Time: 11 * time.Second, Node: "n4", Role: "leader", Term: 2},
			},
			Progress: []report.Progress{
				{Time: 200 * time.Millisecond, Node: "n1", Last: 1, Commit: 1},
				{Time: 400 * time.Millisecond, Node: "n1", Last: 9, Commit: 8, Applied: 7},
				{Time: 30 * time.Second, Node: "n4", Last: 90, Commit: 90, Applied: 90, Snapshot: 80, Event: report.SnapshotTaken},
			},
			Logs:       []report.NodeLog{{Node: "n1", Text: []byte("0.300s entering leader state\n")}, {Node: "n2", Text: nil}},
			Quorum:     []report.Quorum{{Time: 300 * time.Millisecond, Has: true}},
			Violations: []report.Violation{{Time: time.Second, Node: "n2", Rule: "election safety", Text: "n1 and n2 both led in term 1"}},
			Untraced:   3},
		Ending: checker.Ending{Served: true, Behind: []string{"n5"}, Settled: 61 * time.Second, Virtual: 62 * time.Second, Resolved: "10s partition n1,n2 | n3,n4,n5\n"},
		Replay: fmt.Sprintf("faultline replay results/runs/register-stale/20261122T085241.005Z-%d", seed),
	}
}

// taped is a history as a run has it.
func taped(t testing.TB, h history.Header, events []history.Event) *history.Tape {
	tape := historytest.Tape(t, events...)
	tape.Header = h
	return tape
}

func sampleHistory(seed uint64, rate int) *history.History {
	rng := rand.New(rand.NewPCG(seed, 6))
	h := &history.History{Header: history.Header{Build: "test", Replay: "exact"}}
	w := &sampleWorld{rng: rng, held: map[string]history.Value{}, process: map[int]int{}}
	total := 60 * rate
	for i := range total {
		w.operation(time.Duration(float64(i)/float64(rate)*float64(time.Second)), i%10)
	}
	w.nemesis(10*time.Second, "partition", "network", "n1,n2 | n3,n4,n5")
	w.nemesis(18*time.Second, "heal", "network", "")
	w.nemesis(25*time.Second, "crash", "n3", "crash")
	w.nemesis(28*time.Second, "partition", "network", "n1 | n2,n3,n4,n5")
	w.nemesis(36*time.Second, "heal", "network", "")
	w.nemesis(40*time.Second, "restart", "n3", "")
	w.nemesis(50*time.Second, "pause", "n5", "pause")
	w.nemesis(52*time.Second, "resume", "n5", "")
	slices.SortStableFunc(w.events, func(a, b history.Event) int { return cmp.Compare(a.Time, b.Time) })
	h.Events = w.events
	return h
}

// sampleWorld is a store that answers at once and whose answers take their time.
type sampleWorld struct {
	rng     *rand.Rand
	held    map[string]history.Value
	events  []history.Event
	process map[int]int // by client; a new one after info
	written int64
	stale   bool // a read has returned what was overwritten long ago
}

func (w *sampleWorld) nemesis(at time.Duration, f, subject, how string) {
	e := history.Event{Time: at, Process: history.Nemesis, Type: history.Info, F: f, Key: subject}
	if how != "" {
		e.Value = history.TextValue(how)
	}
	w.events = append(w.events, e)
}

func (w *sampleWorld) operation(at time.Duration, client int) {
	key := fmt.Sprintf("k%d", w.rng.IntN(5))
	held, ok := w.held[key]
	if !ok {
		held = history.NilValue()
	}
	broken := at > 10*time.Second && at < 18*time.Second || at > 28*time.Second && at < 36*time.Second
	took := time.Duration((0.002 + w.rng.ExpFloat64()*0.004) * float64(time.Second))
	if broken && w.rng.IntN(3) == 0 {
		took += time.Duration(w.rng.ExpFloat64() * 0.2 * float64(time.Second))
	}
	e := history.Event{Time: at, Process: client + 10*w.process[client], Type: history.Invoke, F: []string{"read", "write", "cas"}[w.rng.IntN(3)], Key: key, Node: fmt.Sprintf("n%d", 1+client%5)}
	done := e
	done.Time, done.Type = at+min(took, time.Second/25), history.OK
	switch e.F {
	case "read":
		if done.Value = held; at > 41*time.Second && !w.stale {
			done.Value, w.stale = history.IntValue(1), true
		}
	case "write":
		w.written++
		e.Value = history.IntValue(w.written)
		done.Value, w.held[key] = e.Value, e.Value
	case "cas":
		w.written++
		e.Value = history.ListValue(held, history.IntValue(w.written))
		done.Value, w.held[key] = e.Value, history.IntValue(w.written)
		if w.rng.IntN(4) == 0 {
			e.Value = history.PairValue(-1, w.written)
			done.Type, done.Error, done.Value, w.held[key] = history.Fail, history.PreconditionFailed, held, held
		}
	}
	if broken && w.rng.IntN(6) == 0 {
		done.Time, done.Type, done.Error, done.Value = at+time.Second, history.Info, "timeout", history.Value{}
		w.process[client]++
	} else if broken && w.rng.IntN(8) == 0 && e.F == "read" {
		done.Time, done.Type, done.Error, done.Value = at+time.Millisecond, history.Fail, "not leader", history.Value{}
	}
	w.events = append(w.events, e, done)
}
