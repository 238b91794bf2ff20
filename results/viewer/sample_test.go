package viewer_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/stats"
	"faultline/results"
)

// sample describes a run that is made for a test: clients on registers in a store that answers at once, whose answers take
// their time, under faults, and with reads that are too old if that is asked for.
type sample struct {
	operations int
	processes  int
	keys       int
	length     time.Duration
	stale      int     // reads that are too old
	late       bool    // they come at the end
	busy       float64 // of the time between its operations, how much they take at most; half of it if it is 0
	traced     bool
}

var small = sample{operations: 2_000, processes: 5, keys: 4, length: 20 * time.Second, stale: 2, traced: true}

// write keeps the run below root and returns its directory.
func (s sample) write(t testing.TB, root string) string {
	t.Helper()
	h := s.history()
	ops, err := history.Operations(h.Events)
	if err != nil {
		t.Fatal(err)
	}
	part := linear.Linearizable(linear.CASRegister(), ops, checker.Options{Timeout: time.Minute})
	run := &results.Run{
		Seed: 7, Started: time.Date(2026, 11, 22, 8, 52, 41, 5e6, time.UTC), Replay: "faultline run --seed 7 --test-count 1",
		Spec:     json.RawMessage(fmt.Sprintf(`{"workload":"register","time_limit":20000000000,"concurrency":%d,"nemesis":["partition","crash"],"cluster":{"nodes":3,"read":"leader"}}`, s.processes)),
		Schedule: "4s partition n1 | n2,n3\n", History: taped(t, h), Verdict: checker.Conclude(part), Statistics: stats.Measure(h.Events, ops, nil),
		Report: report.Report{Track: s.track(), Logs: []report.NodeLog{
			{Node: "n1", Text: []byte("    0.001000s [INFO]  raft: entering follower state\n    0.300000s [INFO]  raft: entering leader state\n")},
			{Node: "n2", Text: []byte("    0.001000s [INFO]  raft: entering follower state\n    6.000000s [INFO]  raft: entering leader state\n")},
			{Node: "n3", Text: []byte("    0.001000s [INFO]  raft: entering follower state\n")},
		}},
	}
	dir := keep(t, root, run)
	if s.traced {
		s.trace(t, dir)
	}
	return dir
}

func keep(t testing.TB, root string, run *results.Run) string {
	t.Helper()
	c, err := results.OpenCampaign(root, "sample")
	if err != nil {
		t.Fatal(err)
	}
	name, err := c.WriteRun(run)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "sample", name)
}

func (s sample) track() []report.Transition {
	at := func(share float64) time.Duration { return time.Duration(share * float64(s.length)) }
	return []report.Transition{
		{Time: at(0.01), Node: "n1", Role: "candidate", Term: 1}, {Time: at(0.015), Node: "n1", Role: "leader", Term: 2},
		{Time: at(0.02), Node: "n3", Role: "follower", Term: 2},
		{Time: at(0.3), Node: "n2", Role: "leader", Term: 3}, {Time: at(0.31), Node: "n3", Role: "follower", Term: 3}, {Time: at(0.4), Node: "n1", Role: "follower", Term: 3},
		{Time: at(0.5), Node: "n3", Role: "down", Term: 3}, {Time: at(0.6), Node: "n3", Role: "follower", Term: 3},
		{Time: at(0.7), Node: "n2", Role: "paused", Term: 3}, {Time: at(0.75), Node: "n2", Role: "follower", Term: 3},
	}
}

// taped is a history as a run has it.
func taped(t testing.TB, h *history.History) *history.Tape {
	t.Helper()
	tape, err := h.Tape()
	if err != nil {
		t.Fatal(err)
	}
	return tape
}

// history draws what clients do. Each process does one thing after the other; one whose answer is lost goes on as another.
func (s sample) history() *history.History {
	rng := rand.New(rand.NewPCG(7, uint64(s.operations)))
	h := &history.History{Header: history.Header{Build: "test", Replay: "exact"}}
	held := make([][]int64, s.keys)
	names := make([]string, s.keys)
	for k := range names {
		names[k] = fmt.Sprintf("k%d", k)
	}
	each := float64(s.length) * float64(s.processes) / float64(s.operations)
	stale := s.stale
	for client := range s.processes {
		process := client
		var took time.Duration
		for at := time.Duration(rng.Float64() * each); at < s.length-time.Duration(2*each); at += max(took+1, time.Duration(each*(0.6+0.8*rng.Float64()))) {
			k := rng.IntN(s.keys)
			took = time.Duration(each * cmp.Or(s.busy, 0.5) * rng.Float64())
			e := history.Event{Time: at, Process: process, Type: history.Invoke, F: "read", Key: names[k], Node: fmt.Sprintf("n%d", 1+client%3)}
			h.Events = append(h.Events, e)
			done := &history.Event{Time: at + took, Process: process, Type: history.OK, F: "read", Key: names[k], Node: e.Node}
			if rng.IntN(100) == 0 {
				done.Type, done.Error = history.Info, "timeout"
				process += s.processes
			} else if rng.IntN(100) == 0 {
				done.Type, done.Error = history.Fail, "not leader"
			}
			h.Events = append(h.Events, *done)
		}
	}
	h.Events = append(h.Events,
		history.Event{Time: s.length / 5, Process: history.Nemesis, Type: history.Info, F: "partition", Key: "network", Value: history.TextValue("n1 | n2,n3")},
		history.Event{Time: 2 * s.length / 5, Process: history.Nemesis, Type: history.Info, F: "heal", Key: "network"},
		history.Event{Time: s.length / 2, Process: history.Nemesis, Type: history.Info, F: "crash", Key: "n3", Value: history.TextValue("n3")},
		history.Event{Time: 3 * s.length / 5, Process: history.Nemesis, Type: history.Info, F: "restart", Key: "n3"})
	slices.SortStableFunc(h.Events, func(a, b history.Event) int { return cmp.Compare(a.Time, b.Time) })
	s.answer(h.Events, held, names, rng, &stale)
	return h
}

// answer lets every operation take effect as it completes: a third of those that were reads become writes.
func (s sample) answer(events []history.Event, held [][]int64, names []string, rng *rand.Rand, stale *int) {
	open := map[int]int{}
	written := int64(0)
	index := uint64(0)
	for i := range events {
		e := &events[i]
		switch {
		case e.Process == history.Nemesis:
			continue
		case e.Type == history.Invoke:
			open[e.Process] = i
			if rng.IntN(3) == 0 {
				written++
				e.F, e.Value = "write", history.IntValue(written)
			}
			continue
		}
		invoked := &events[open[e.Process]]
		k := slices.Index(names, e.Key)
		e.F = invoked.F
		if e.Type != history.OK {
			continue
		}
		index++
		e.LogIndex = index
		if e.F == "write" {
			e.Value = invoked.Value
			n, _ := e.Value.Int()
			held[k] = append(held[k], n)
			continue
		}
		const age = 10 // writes
		seen := len(held[k])
		from := s.length * 3 / 10
		if s.late {
			from = s.length * 9 / 10
		}
		if *stale > 0 && e.Time > from && seen > age {
			*stale--
			seen -= age
		}
		e.Value = history.NilValue()
		if seen > 0 {
			e.Value = history.IntValue(held[k][seen-1])
		}
	}
}

// trace adds messages and progress, as a run that was traced has them.
func (s sample) trace(t testing.TB, dir string) {
	t.Helper()
	var messages, progress strings.Builder
	id := 0
	for at := 500 * time.Millisecond; at < s.length; at += 250 * time.Millisecond {
		for i, to := range []string{"n2", "n3"} { // what n3 gets is of n2, and n1 passes it on
			id += 2
			sent := at + time.Duration(i)*time.Millisecond
			received, back := int64(sent+3*time.Millisecond), int64(sent+7*time.Millisecond)
			if id%22 == 0 {
				received = -1
			}
			fmt.Fprintf(&messages, `{"id":%d,"from":"n1","to":"%s","kind":"AppendEntries","sent":%d,"received":%d,"reply_to":0,"term":2,"detail":"prev %d","clock":"n%d: L %d, V n1:%d"}`+"\n", id, to, sent, received, id, i+1, id, id)
			if received > 0 {
				fmt.Fprintf(&messages, `{"id":%d,"from":"%s","to":"n1","kind":"AppendEntriesResponse","sent":%d,"received":%d,"reply_to":%d,"term":2,"detail":""}`+"\n", id+1, to, received+1000, back, id)
			}
		}
	}
	var samples []string
	for at := time.Duration(0); at < s.length; at += 200 * time.Millisecond {
		for node := range 3 {
			last := int(at/time.Millisecond) / 20
			samples = append(samples, fmt.Sprintf(`{"time":%d,"node":"n%d","last":%d,"commit":%d,"applied":%d,"snapshot":%d}`, at, node+1, last, last-last/10, last-last/10, last/256*256))
		}
	}
	progress.WriteString("[" + strings.Join(samples, ",\n") + "]\n")
	for name, text := range map[string]string{"messages.jsonl": messages.String(), "progress.json": progress.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
