package raftnode

import (
	"errors"
	"testing"
	"time"

	"github.com/hashicorp/raft"
)

// TestLeads: a leader's commit index may be older than what the leader before it has acknowledged, until it has committed
// something in its own term.
func TestLeads(t *testing.T) {
	inLab(t, Config{}, func(l *lab) {
		leader := l.leader()
		term := leader.Raft.CurrentTerm()
		for _, ready := range []uint64{0, term - 1, term + 1} {
			leader.ready.Store(ready)
			if _, err := leader.Leads(); !errors.Is(err, ErrNotReady) {
				t.Errorf("ready in term %d of %d: %v", ready, term, err)
			}
		}
		leader.ready.Store(term)
		if got, err := leader.Leads(); got != term || err != nil {
			t.Errorf("ready: %d, %v", got, err)
		}
		l.check(leader.Verify())
		for _, name := range l.Nodes() {
			if n := l.node(name); n != leader {
				if err := n.Verify(); !errors.Is(err, raft.ErrNotLeader) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	})
}

// TestANodeKnowsHowFarItIs, also when its state comes from a snapshot, its own or a leader's.
func TestANodeKnowsHowFarItIs(t *testing.T) {
	inLab(t, Config{SnapshotInterval: 100 * time.Millisecond, SnapshotThreshold: 10, TrailingLogs: 2}, func(l *lab) {
		l.leader()
		l.check(l.Crash("n1"))
		leader := l.leader()
		for range 50 {
			l.check(leader.Raft.Apply([]byte("v"), time.Second).Error())
		}
		time.Sleep(time.Second)
		l.check(l.Restart("n1"))
		time.Sleep(12 * time.Second) // raft tries a follower that failed again after ten seconds at most
		l.check(l.Crash("n1"))
		l.check(l.Restart("n1"))
		p := l.node("n1").Progress()
		if p.Snapshot == 0 || p.Applied < p.Snapshot {
			t.Errorf("after a restart: %+v", p)
		}
		time.Sleep(time.Second)
		if got, want := l.node("n1").Progress(), leader.Progress(); got.Applied != want.Applied {
			t.Errorf("%+v, and the leader %+v", got, want)
		}
		if got := l.Program("n1").(*node).register.read(); got != "v" {
			t.Errorf("n1 has %q", got)
		}
		for _, name := range []string{"snapshots taken", "snapshots installed", "restarts from a snapshot"} {
			if l.counter(name) == 0 {
				t.Errorf("no %s", name)
			}
		}
		if broken := l.Report().Violations; len(broken) > 0 {
			t.Error(broken)
		}
	})
}

func (l *lab) counter(name string) int64 {
	for _, c := range l.Report().Counters {
		if c.Name == name {
			return c.Value
		}
	}
	return -1
}
