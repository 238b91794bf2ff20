package world

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/historytest"
	"faultline/nemesis"
	"faultline/workloads"
)

// fakeSystem is a store that answers as it is told, after a millisecond.
type fakeSystem struct {
	answer func(client int, op cluster.Op) cluster.Outcome

	mu      sync.Mutex
	clients []*fakeClient
	ran     []string // what was done to it
}

type fakeClient struct {
	system *fakeSystem
	id     int
	node   string
	asked  []cluster.Op
	closed bool
}

func (s *fakeSystem) Start() error           { return nil }
func (s *fakeSystem) Stop() error            { return nil }
func (s *fakeSystem) Nodes() []string        { return []string{"n1", "n2", "n3"} }
func (s *fakeSystem) Report() report.Report  { return report.Report{} }
func (s *fakeSystem) Faults() cluster.Faults { return cluster.Faults{Processes: s} }

func (s *fakeSystem) Crash(node string) error { s.ran = append(s.ran, "crash "+node); return nil }
func (s *fakeSystem) PowerLoss(node string) error {
	s.ran = append(s.ran, "powerloss "+node)
	return nil
}
func (s *fakeSystem) Restart(node string) error { s.ran = append(s.ran, "restart "+node); return nil }

func (s *fakeSystem) Open(id int, node string) cluster.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &fakeClient{system: s, id: id, node: node}
	s.clients = append(s.clients, c)
	return c
}

func (c *fakeClient) Do(op cluster.Op) cluster.Outcome {
	time.Sleep(time.Millisecond)
	c.system.mu.Lock()
	defer c.system.mu.Unlock()
	c.asked = append(c.asked, op)
	return c.system.answer(c.id, op)
}

func (c *fakeClient) Close() { c.closed = true }

// serving answers everything with ok.
func serving(int, cluster.Op) cluster.Outcome { return cluster.Outcome{Type: history.OK, Node: "n1"} }

// conductFake conducts a test of a fake system in a bubble.
// probeKey is what fakes are probed by.
const probeKey = "probe"

var fakeKind = cluster.Kind{Name: "fake", Probe: func(draw *rand.Rand) cluster.Op {
	if draw != nil && draw.IntN(2) == 0 {
		return cluster.Op{F: "write", Key: probeKey, Value: history.IntValue(draw.Int64N(1e9))}
	}
	return cluster.Op{F: "read", Key: probeKey}
}}

func conductFake(t *testing.T, in Input, system *fakeSystem) *Result {
	t.Helper()
	schedule, err := nemesis.Parse(in.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	options := in.Spec.Options
	var result *Result
	synctest.Test(t, func(t *testing.T) {
		workload, _ := workloads.Open("register", options)
		x := &test{spec: in.Spec, kind: fakeKind, schedule: schedule, system: system, workload: workload, start: time.Now()}
		kept := &keeper{}
		x.recorder = &recorder{start: x.start, listener: kept}
		var err error
		if result, err = x.run(); err != nil {
			t.Fatal(err)
		}
		result.History = historytest.Tape(t, kept.history.Events...)
	})
	return result
}
