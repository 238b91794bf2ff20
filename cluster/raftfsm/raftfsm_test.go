package raftfsm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/sim"
	"faultline/history"
)

// adder is a state machine: a sum. It refuses to go above 100.
type adder struct {
	wrong int64 // is added to each sum; of a node that is not as it should be

	mu  sync.Mutex
	sum int64
}

var errTooMuch = errors.New("too-much")

func (a *adder) Apply(e *raft.Log) any {
	n, _ := strconv.ParseInt(string(e.Data), 10, 64)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sum+n > 100 {
		return errTooMuch
	}
	a.sum += n + a.wrong
	return a.sum
}

func (a *adder) read() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sum
}

func (a *adder) Snapshot() (raft.FSMSnapshot, error) { return taken(a.read()), nil }

func (a *adder) Restore(r io.ReadCloser) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return json.NewDecoder(r).Decode(&a.sum)
}

type taken int64

func (s taken) Persist(sink raft.SnapshotSink) error { return json.NewEncoder(sink).Encode(int64(s)) }
func (taken) Release()                               {}

// adding is the kind of system. With the bug "odd", n3 adds too much.
var adding = Machine{
	Name: "adder", Doc: "a sum", Nodes: 3, Ops: []string{"add", "sum"}, Canonical: true,
	New: func(p *sim.Process, bug string) raft.FSM {
		if bug == "odd" && p.Node() == "n3" {
			return &adder{wrong: 1}
		}
		return &adder{}
	},
	Command: func(op cluster.Op) ([]byte, error) {
		if n, ok := op.Value.Int(); ok {
			return strconv.AppendInt(nil, n, 10), nil
		}
		if op.F == "sum" {
			return []byte("0"), nil
		}
		return nil, fmt.Errorf("cannot add %v", op.Value)
	},
	Outcome: func(answer any) cluster.Outcome {
		if err, ok := answer.(error); ok {
			return cluster.Outcome{Type: history.Fail, Error: err.Error()}
		}
		return cluster.Outcome{Type: history.OK, Value: history.IntValue(answer.(int64))}
	},
	Reads: []string{"sum"},
	Read: func(fsm raft.FSM, _ cluster.Op) cluster.Outcome {
		return cluster.Outcome{Type: history.OK, Value: history.IntValue(fsm.(*adder).read())}
	},
	Probe: func(*rand.Rand) cluster.Op { return cluster.Op{F: "sum"} },
}

// inLab runs a test with a cluster that serves, in a bubble.
func inLab(t *testing.T, mode, bug string, f func(s *system, c cluster.Client)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		opened, err := adding.open(cluster.Env{Seed: 1, Dir: dir, Nodes: 3, Mode: mode, Config: defaults(), Bug: bug})
		if err != nil {
			t.Fatal(err)
		}
		if err := opened.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		c := opened.Open(1, "n1")
		f(opened.(*system), c)
		c.Close()
		if err := opened.Stop(); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute) // until dials of dead nodes have given up
	})
}

func add(n int64) cluster.Op { return cluster.Op{F: "add", Value: history.IntValue(n)} }

var sum = cluster.Op{F: "sum"}

func told(out cluster.Outcome) string {
	return fmt.Sprintf("%v %v %s", out.Type, out.Value, out.Error)
}

// Whatever the mode, operations do what they say, and what is refused fails.
func TestOutcomes(t *testing.T) {
	for _, mode := range adding.Kind().ModeNames() {
		t.Run(mode, func(t *testing.T) {
			inLab(t, mode, "", func(_ *system, c cluster.Client) {
				for _, step := range []struct {
					op   cluster.Op
					want string
				}{
					{add(7), "ok 7 "},
					{sum, "ok 7 "},
					{add(99), "fail  too-much"},
					{cluster.Op{F: "add"}, "fail  cannot add "},
					{add(3), "ok 10 "},
					{sum, "ok 10 "},
				} {
					if got := told(c.Do(step.op)); got != step.want {
						t.Errorf("%s %v: %s, want %s", step.op.F, step.op.Value, got, step.want)
					}
					time.Sleep(time.Second) // for followers to hear of it
				}
			})
		})
	}
}

// A command is sent once: that no answer came does not say that it was not applied.
func TestNoAnswerIsInfo(t *testing.T) {
	inLab(t, "log", "", func(s *system, c cluster.Client) {
		c.Do(add(1))
		leader, _ := s.Leader()
		s.Cut(leader, "client-1")
		if got := told(c.Do(add(1))); got != "info  timeout" {
			t.Errorf("without an answer: %s", got)
		}
		s.Mend(leader, "client-1")
		if got := told(c.Do(sum)); got != "ok 2 " {
			t.Errorf("the sum is %s", got)
		}
		for _, n := range s.Nodes() {
			if err := s.Crash(n); err != nil {
				t.Fatal(err)
			}
		}
		late := s.Open(2, "n1")
		defer late.Close()
		if got := told(late.Do(add(1))); got != "fail  connection-refused" {
			t.Errorf("with nobody to ask: %s", got)
		}
	})
}

// The report says where nodes come to different results, and if snapshots tell, to different states.
func TestNodesThatDiffer(t *testing.T) {
	inLab(t, "log", "odd", func(s *system, c cluster.Client) {
		for range 20 {
			c.Do(add(1))
		}
		time.Sleep(time.Second)
		broken := s.Report().Violations
		if len(broken) == 0 || broken[0].Rule != "state machine safety" {
			t.Errorf("violations: %v", broken)
		}
	})
	inLab(t, "log", "", func(s *system, c cluster.Client) {
		for range 20 {
			c.Do(add(1))
		}
		time.Sleep(time.Second)
		if broken := s.Report().Violations; len(broken) > 0 {
			t.Errorf("violations: %v", broken)
		}
		if can := s.Faults().Suffers(); !slices.Equal(slices.Sorted(slices.Values(can)), slices.Sorted(slices.Values(adding.Kind().Suffers))) {
			t.Errorf("it suffers %v", can)
		}
	})
}
