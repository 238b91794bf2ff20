package raftkv

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"faultline/cluster/network"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
)

// TestOnTheRealClock does everything at once on real threads, for the race detector to see: load, crashes,
// pauses and cuts, and in the end nothing is left running. Its time-outs are short.
func TestOnTheRealClock(t *testing.T) {
	defer goleak.VerifyNone(t)
	s, err := New(Config{
		Nodes: 3, Dir: t.TempDir(),
		Hardware: sim.Hardware{Delay: network.Delay{Base: 10 * time.Microsecond, Tail: 10 * time.Microsecond}},
		Raft: raftnode.Config{HeartbeatTimeout: 50 * time.Millisecond, ElectionTimeout: 50 * time.Millisecond, LeaderLeaseTimeout: 40 * time.Millisecond,
			CommitTimeout: 5 * time.Millisecond, SnapshotInterval: 50 * time.Millisecond, SnapshotThreshold: 50, TrailingLogs: 10},
		Client: ClientConfig{OperationTimeout: 300 * time.Millisecond, AttemptTimeout: 100 * time.Millisecond, Backoff: time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{System: s, t: t}
	l.check(s.Start())
	l.await()
	w := l.writers("abcdefgh")
	l.check(l.Crash(l.leader()))
	for _, n := range l.Nodes() {
		_ = l.Restart(n) // one of them is down
		time.Sleep(20 * time.Millisecond)
		l.Faults().Links.Cut("n1", n)
		l.check(l.Pause(n))
		time.Sleep(20 * time.Millisecond)
		l.check(l.Resume(n))
		l.Faults().Links.Mend("n1", n)
		_ = l.Report()
	}
	l.check(l.PowerLoss(l.leader()))
	l.await()
	w.verify()
	l.check(s.Stop())
}

// TestCommandsUnderWayDoNotHoldUpADeath: a slow state machine has commands before it when its node dies.
// Raft does not answer them once it is told to shut down, but their handlers must end.
func TestCommandsUnderWayDoNotHoldUpADeath(t *testing.T) {
	defer goleak.VerifyNone(t)
	s, err := New(Config{Nodes: 1, Dir: t.TempDir(), Client: ClientConfig{OperationTimeout: 100 * time.Millisecond},
		Raft: raftnode.Config{HeartbeatTimeout: 50 * time.Millisecond, ElectionTimeout: 50 * time.Millisecond, LeaderLeaseTimeout: 40 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{System: s, t: t}
	l.check(s.Start())
	l.await()
	w := l.writers("abcdefghijklmnop")
	machine := s.replica("n1").machine
	machine.mu.Lock()
	time.Sleep(20 * time.Millisecond)
	l.check(l.Crash("n1"))
	time.Sleep(20 * time.Millisecond)
	machine.mu.Unlock()
	close(w.stop)
	stopped := make(chan error)
	go func() { stopped <- s.Stop() }()
	select {
	case err := <-stopped:
		l.check(err)
	case <-time.After(10 * time.Second):
		t.Fatal("the dead node does not end")
	}
	w.all.Wait()
}
