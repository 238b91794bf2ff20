package raftkv

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// lab is a cluster in a bubble.
type lab struct {
	*System
	t *testing.T

	mu      sync.Mutex
	clients int
}

// inLab runs a test with a cluster that serves. It is stopped in the end; the bubble sees to it that
// nothing of it is left.
func inLab(t *testing.T, c Config, f func(l *lab)) {
	t.Helper()
	c.Dir = t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		l := &lab{System: s, t: t}
		defer func() {
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Minute) // until dials of dead nodes have given up
		}()
		l.check(s.Start())
		l.await()
		f(l)
	})
}

func (l *lab) check(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// open returns a new client that prefers a node.
func (l *lab) open(node string) cluster.Client {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clients++
	return l.Open(l.clients, node)
}

// await waits until the cluster takes a write.
func (l *lab) await() {
	l.t.Helper()
	for range 100 {
		if l.write("serving", 1).Type == history.OK {
			return
		}
	}
	l.t.Fatal("the cluster does not serve")
}

// ask runs one operation by a client of its own.
func (l *lab) ask(node string, op cluster.Op) cluster.Outcome {
	c := l.open(node)
	defer c.Close()
	return c.Do(op)
}

func (l *lab) write(key string, n int64) cluster.Outcome {
	return l.ask("n1", cluster.Op{F: "write", Key: key, Value: history.IntValue(n)})
}

// must runs an operation again and again until it is ok, and returns its value.
func (l *lab) must(op cluster.Op) history.Value {
	l.t.Helper()
	var out cluster.Outcome
	for range 100 {
		if out = l.ask("n1", op); out.Type == history.OK {
			return out.Value
		}
	}
	l.t.Fatalf("%s %s: %s", op.F, op.Key, describe(out))
	return history.Value{}
}

func (l *lab) mustRead(key string) string {
	l.t.Helper()
	return l.must(cluster.Op{F: "read", Key: key}).String()
}

// leader waits until a node leads, and names it.
func (l *lab) leader() string {
	l.t.Helper()
	for range 1000 {
		if name, ok := l.Leader(); ok {
			return name
		}
		time.Sleep(10 * time.Millisecond)
	}
	l.t.Fatal("no node leads")
	return ""
}

// follower names a node that does not lead.
func (l *lab) follower() string {
	leader := l.leader()
	for _, name := range l.Nodes() {
		if name != leader {
			return name
		}
	}
	return ""
}

// eventually waits until a stale read at a node finds the value.
func (l *lab) eventually(node, key, want string) {
	l.t.Helper()
	n := l.replica(node)
	for range 1000 {
		if found := n.machine.read(&command{Op: opGet, Key: key}); found.Value == want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	l.t.Fatalf("%s never has %s for %s", node, want, key)
}

// call sends a request to a node, past the client library.
func (l *lab) call(node string, r *request) response {
	l.mu.Lock()
	l.clients++
	host := l.Client(l.clients)
	l.mu.Unlock()
	defer host.Kill()
	var c connection
	defer c.Close()
	answer, _ := c.call(host, node, r, time.Second)
	return answer
}

// mustCall does so until it is ok.
func (l *lab) mustCall(node string, r *request) response {
	l.t.Helper()
	for range 100 {
		if answer := l.call(node, r); answer.Code == codeOK {
			return answer
		}
		time.Sleep(10 * time.Millisecond)
	}
	l.t.Fatalf("%s does not serve %+v", node, *r)
	return response{}
}

// elect has a node lead, by pausing whoever else does.
func (l *lab) elect(node string) {
	l.t.Helper()
	for range 20 {
		leader := l.leader()
		if leader == node {
			return
		}
		l.check(l.Pause(leader))
		time.Sleep(2 * time.Second)
		l.check(l.Resume(leader))
		time.Sleep(time.Second)
	}
	l.t.Fatalf("%s is never elected", node)
}

func (l *lab) counter(name string) int64 {
	l.t.Helper()
	for _, c := range l.Report().Counters {
		if c.Name == name {
			return c.Value
		}
	}
	l.t.Fatalf("nothing counts %s", name)
	return 0
}

// log is what a node has logged.
func (l *lab) log(node string) string {
	for _, log := range l.Report().Logs {
		if log.Node == node {
			return string(log.Text)
		}
	}
	return ""
}

// writers keep writing 1, 2, … to a key each, until they are told to stop.
type writers struct {
	lab  *lab
	stop chan struct{}
	all  sync.WaitGroup

	mu    sync.Mutex
	acked map[string]int64 // the last that was ok
	sent  map[string]int64
}

func (l *lab) writers(keys string) *writers {
	w := &writers{lab: l, stop: make(chan struct{}), acked: map[string]int64{}, sent: map[string]int64{}}
	for key := range strings.SplitSeq(keys, "") {
		w.all.Go(func() { w.run(key) })
	}
	return w
}

func (w *writers) run(key string) {
	for n := int64(1); ; n++ {
		select {
		case <-w.stop:
			return
		default:
		}
		w.note(w.sent, key, n)
		if w.lab.write(key, n).Type == history.OK {
			w.note(w.acked, key, n)
		}
	}
}

func (w *writers) note(m map[string]int64, key string, n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m[key] = n
}

// verify stops the writers and checks that no acknowledged write is lost: what a key holds is the last
// acknowledged value or one that was sent after it.
func (w *writers) verify() {
	w.lab.t.Helper()
	close(w.stop)
	w.all.Wait()
	for key, acked := range w.acked {
		got, _ := w.lab.must(cluster.Op{F: "read", Key: key}).Int()
		if got < acked || got > w.sent[key] {
			w.lab.t.Errorf("%s is %d, but %d was acknowledged and %d the last that was sent", key, got, acked, w.sent[key])
		}
	}
	if len(w.acked) == 0 {
		w.lab.t.Error("no write was acknowledged")
	}
}
