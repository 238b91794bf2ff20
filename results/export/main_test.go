package export_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "faultline/cluster/kinds"

	"faultline/campaign"
	"faultline/campaign/trial"
	"faultline/cluster/raftkv"
	"faultline/cluster/raftnode"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/historytest"
	"faultline/results"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(run(m))
}

// place is where runs are kept that several tests look at.
var place string

func run(m *testing.M) int {
	var err error
	if place, err = os.MkdirTemp("", "faultline-export-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(place) }()
	return m.Run()
}

// traced is a run of a real cluster with its messages: stale reads under faults that overlap, so that it is invalid.
var traced = sync.OnceValues(func() (run tracedRun, err error) {
	p := campaign.Plan{Count: 1, CheckTimeout: 10 * time.Second, Keep: 1, Spec: world.Spec{Seed: 3, TimeLimit: 12 * time.Second,
		Rate: 200, Concurrency: 5, Workload: "register", Nemesis: []string{"crash", "partition", "pause"}, Interval: time.Second,
		Clock: world.Virtual, Nodes: 5, Mode: "stale", Config: &raftkv.Config{Raft: raftnode.Config{
			SnapshotInterval: time.Second, SnapshotThreshold: 50, TrailingLogs: 10, MaxRPCsInFlight: 2}}}}
	c, err := campaign.Create(place, "test", p, campaign.Options{Trace: true})
	if err != nil {
		return run, err
	}
	o, err := c.Run(context.Background(), trial.Pool{Runner: trial.Local{}})
	if err != nil {
		return run, err
	}
	dir := filepath.Join(c.Dir(), o.Lines[0].Dir)
	if run.Run, err = results.ReadRun(dir); err != nil {
		return run, err
	}
	run.messages, err = results.ReadMessages(dir)
	return run, err
})

type tracedRun struct {
	*results.Run
	messages []report.Message
}

func realRun(t *testing.T) tracedRun {
	t.Helper()
	r, err := traced()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// hostile are texts that would be markup, lines of their own, or no text at all.
var hostile = []string{"<script>alert(1)</script>", "a\nb\r\n,\"c\"", "=1+1", "\x1b[31m\x00\u2028\u202e", "\xff\xfe", "{\"n1\":1}"}

// hostileRun is one with such texts wherever a text can be.
func hostileRun(t testing.TB, text string) (*results.Run, []report.Message) {
	var events []history.Event
	said := strings.ToValidUTF8(text, "\ufffd") // no history has anything else
	for i, typ := range []history.Type{history.Invoke, history.OK} {
		events = append(events, history.Event{Time: time.Duration(i + 1), Process: 1, Type: typ, F: said + "f", Key: said, Value: history.TextValue(said), Node: said, Error: said})
	}
	events = append(events,
		history.Event{Time: 3, Process: history.Nemesis, Type: history.Info, F: said + "f", Key: said, Value: history.TextValue(said)},
		history.Event{Time: 4, Process: 2, Type: history.Invoke, F: "read", Key: said})
	return &results.Run{History: historytest.Tape(t, events...),
			Report: report.Report{Track: []report.Transition{{Time: 1, Node: text, Role: text, Term: 1}, {Time: 3, Node: text, Role: "down", Term: 1}},
				Progress: []report.Progress{{Time: 1, Node: text, Event: text}, {Time: 2, Node: text, Commit: 5}}}},
		[]report.Message{{ID: 1, From: "process 1", To: text, Kind: text, Sent: 1, Received: 2, Detail: text}}
}

func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := write(b); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same run gave other bytes")
	}
	return first.Bytes()
}
