package raftnode

import (
	"encoding/json"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/sim"
)

// register is a state machine that holds the last command.
type register struct {
	mu    sync.Mutex
	value string
}

func (r *register) Apply(e *raft.Log) any {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.value = string(e.Data)
	return r.value
}

func (r *register) read() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.value
}

func (r *register) Snapshot() (raft.FSMSnapshot, error) { return held(r.read()), nil }

func (r *register) Restore(snapshot io.ReadCloser) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return json.NewDecoder(snapshot).Decode(&r.value)
}

// held is a snapshot. It leaves it to raft to close the sink.
type held string

func (h held) Persist(sink raft.SnapshotSink) error { return json.NewEncoder(sink).Encode(string(h)) }
func (h held) Release()                             {}

// node is the program of the lab.
type node struct {
	*Node
	register *register
}

// lab is a cluster in a bubble.
type lab struct {
	*Cluster
	t *testing.T
}

func inLab(t *testing.T, c Config, f func(l *lab)) {
	t.Helper()
	inGroups(t, c, [][]string{{"n1", "n2", "n3"}}, f)
}

// inGroups is a lab with several logs.
func inGroups(t *testing.T, c Config, groups [][]string, f func(l *lab)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		l := &lab{t: t}
		var err error
		l.Cluster, err = New(c, sim.Config{Seed: 1, Dir: dir, Nodes: slices.Concat(groups...), Groups: groups, Boot: l.boot})
		l.check(err)
		l.check(l.Start())
		defer func() {
			l.check(l.Stop())
			time.Sleep(time.Minute) // until dials of dead nodes have given up
		}()
		f(l)
	})
}

func (l *lab) boot(p *sim.Process) (sim.Program, error) {
	n, err := l.OpenNode(p)
	if err != nil {
		return nil, err
	}
	r := &register{}
	parts := n.Parts(r)
	parts.State = func() uint64 { return Fingerprint([]byte(r.read())) }
	if err := n.Start(parts); err != nil {
		return nil, err
	}
	n.Lead(func() error { return n.Raft.Barrier(time.Second).Error() })
	return &node{n, r}, nil
}

func (l *lab) check(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// leader waits until a node leads that has committed something.
func (l *lab) leader() *Node {
	l.t.Helper()
	for range 1000 {
		if n := l.groups[0].leading(); n != nil && n.Ready() != 0 {
			return n
		}
		time.Sleep(10 * time.Millisecond)
	}
	l.t.Fatal("no node leads")
	return nil
}
