package sim_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/cluster/disk"
	"faultline/cluster/report"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/trace"
	"faultline/history"
)

// toy is a counter: n1 leads for ever, stores each sum and then has the others store it.
type toy struct {
	*sim.Process
	peers *rpc.Caller
	file  *disk.File // has the sum in eight bytes

	mu    sync.Mutex
	sum   int
	ticks int // of a loop that sleeps
	rings int // of a ticker
}

const toyPort = "9000"

func bootToy(p *sim.Process) (sim.Program, error) {
	file, err := p.Volume().OpenFile("sum", os.O_CREATE)
	if err != nil {
		return nil, err
	}
	t := &toy{Process: p, peers: rpc.NewCaller(p.Host(), toyPort), file: file}
	var stored [8]byte
	if n, _ := file.ReadAt(stored[:], 0); n == len(stored) {
		t.sum = int(binary.BigEndian.Uint64(stored[:]))
	}
	p.Reach("booted")
	fmt.Fprintf(p.Log(), "begins with %d\n", t.sum)
	p.Go(func() {
		for p.Sleep(10 * time.Millisecond) {
			t.add(&t.ticks, 1)
		}
	})
	p.Go(func() {
		ticker := p.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				t.add(&t.rings, 1)
			case <-p.Done():
				return
			}
		}
	})
	return t, rpc.Serve(p, toyPort, t.handle)
}

// Role implements sim.Program.
func (t *toy) Role() (string, uint64) {
	if t.Node() == "n1" {
		return sim.Leader, 1
	}
	return "follower", 1
}

// Progress implements sim.Replica.
func (t *toy) Progress() report.Progress { return report.Progress{Last: uint64(t.add(&t.sum, 0))} }

// Stop implements sim.Program.
func (t *toy) Stop() error { return nil }

func (t *toy) handle(_ string, r rpc.Request) rpc.Response {
	var n int
	if err := r.Decode(&n); err != nil {
		return rpc.Refuse(1, err.Error(), "")
	}
	role, _ := t.Role()
	switch {
	case r.Kind == "store":
		t.mu.Lock()
		t.sum = n
		t.mu.Unlock()
		return t.store(n)
	case role != sim.Leader:
		return rpc.Refuse(1, "not-leader", "n1")
	}
	sum := t.add(&t.sum, n)
	if answer := t.store(sum); answer.Status != rpc.Done {
		return answer
	}
	for _, other := range t.Others() {
		_, _ = t.peers.Call(other, rpc.NewRequest("store", 1, fmt.Sprint(sum), sum), 50*time.Millisecond)
	}
	return rpc.Answer(1, fmt.Sprintf("sum %d", sum), sum)
}

func (t *toy) store(sum int) rpc.Response {
	t.Reach("store")
	_, err := t.file.WriteAt(binary.BigEndian.AppendUint64(nil, uint64(sum)), 0)
	if err == nil {
		err = t.file.Sync()
	}
	if err != nil {
		return rpc.Unsure(1, err.Error())
	}
	return rpc.Answer(1, "", nil)
}

func (t *toy) add(field *int, n int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	*field += n
	return *field
}

// lab is some toys in a bubble, and a client.
type lab struct {
	*sim.Cluster
	t      *testing.T
	start  time.Time
	client *rpc.Client
}

func inLab(t *testing.T, nodes int, f func(*lab)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		l := &lab{t: t, start: time.Now()}
		var err error
		l.Cluster, err = sim.New(sim.Config{Seed: 1, Dir: dir, Nodes: []string{"n1", "n2", "n3", "n4", "n5"}[:nodes], Boot: bootToy, Trace: true,
			Protocols: map[string]trace.NewProtocol{toyPort: rpc.Protocol}, CrashPoints: []string{"booted", "store"}})
		l.check(err)
		l.check(l.Start())
		l.client = rpc.NewClient(l.Client(7), toyPort, l.Nodes(), "n2",
			rpc.Timeouts{Operation: time.Second, Attempt: 400 * time.Millisecond, Backoff: 20 * time.Millisecond})
		defer func() {
			l.client.Close()
			l.check(l.Stop())
		}()
		f(l)
	})
}

func (l *lab) check(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// add has the cluster add to its sum.
func (l *lab) add(n int) cluster.Outcome {
	return l.client.Do(rpc.Operation{Request: rpc.NewRequest("add", 0, fmt.Sprint(n), n), Answered: func(r rpc.Response) cluster.Outcome {
		var sum int64
		l.check(r.Decode(&sum))
		return cluster.Outcome{Type: history.OK, Value: history.IntValue(sum)}
	}})
}

func (l *lab) mustAdd(n int) {
	l.t.Helper()
	if out := l.add(n); out.Type != history.OK {
		l.t.Fatalf("%+v", out)
	}
}

func (l *lab) toy(node string) *toy { return l.Program(node).(*toy) }

// sum is what a node has.
func (l *lab) sum(node string) int { return l.toy(node).add(&l.toy(node).sum, 0) }
