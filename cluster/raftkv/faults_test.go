package raftkv

import (
	"fmt"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/history"
)

// TestALeaderThatCrashesIsReplaced, and when it is back it follows and has what it missed.
func TestALeaderThatCrashesIsReplaced(t *testing.T) {
	for name, kill := range map[string]func(*System, string) error{"crash": (*System).Crash, "power loss": (*System).PowerLoss} {
		t.Run(name, func(t *testing.T) {
			inLab(t, Config{}, func(l *lab) {
				w := l.writers("abc")
				time.Sleep(time.Second)
				leader := l.leader()
				l.check(kill(l.System, leader))
				l.await()
				if l.leader() == leader {
					t.Errorf("%s is dead and leads", leader)
				}
				time.Sleep(time.Second)
				w.verify()
				l.write("k", 7)
				l.check(l.Restart(leader))
				l.eventually(leader, "k", "7")
			})
		})
	}
}

// TestNoAcknowledgedWriteIsLost when all nodes die at once, in the middle of whatever they do.
func TestNoAcknowledgedWriteIsLost(t *testing.T) {
	for name, kill := range map[string]func(*System, string) error{"crash": (*System).Crash, "power loss": (*System).PowerLoss} {
		t.Run(name, func(t *testing.T) {
			inLab(t, Config{Nodes: 3}, func(l *lab) {
				w := l.writers("abcdef")
				for i := range 3 {
					time.Sleep(time.Second + time.Duration(i)*100*time.Microsecond)
					for _, n := range l.Nodes() {
						l.check(kill(l.System, n))
					}
					time.Sleep(time.Second)
					for _, n := range l.Nodes() {
						l.check(l.Restart(n))
					}
					l.await()
				}
				w.verify()
			})
		})
	}
}

// smallSnapshots has a snapshot taken every hundred entries or so, and few entries kept behind it.
var smallSnapshots = raftnode.Config{SnapshotInterval: 100 * time.Millisecond, SnapshotThreshold: 100, TrailingLogs: 10}

// TestAFollowerCatchesUpByASnapshot, when the log it would need is gone, and restarts from one.
func TestAFollowerCatchesUpByASnapshot(t *testing.T) {
	inLab(t, Config{Nodes: 3, Raft: smallSnapshots}, func(l *lab) {
		follower := l.follower()
		l.check(l.Crash(follower))
		c := l.open(l.leader())
		defer c.Close()
		for i := range int64(1000) {
			c.Do(cluster.Op{F: "write", Key: fmt.Sprint("k", i%10), Value: history.IntValue(i)})
		}
		if l.counter("snapshots taken") == 0 {
			t.Fatal("no snapshot was taken")
		}
		l.check(l.Restart(follower))
		l.eventually(follower, "k9", "999")
		if l.counter("snapshots installed") == 0 {
			t.Error("no snapshot was installed")
		}
		l.check(l.PowerLoss(follower))
		l.check(l.Restart(follower))
		l.eventually(follower, "k9", "999")
		if l.counter("restarts from a snapshot") == 0 {
			t.Error("it did not restart from a snapshot")
		}
	})
}

// TestTheSessionsSurviveInSnapshots: a follower that knows a client's last command from a snapshot only
// leads, and the client sends the command again.
func TestTheSessionsSurviveInSnapshots(t *testing.T) {
	inLab(t, Config{Nodes: 3, Raft: smallSnapshots}, func(l *lab) {
		follower := l.follower()
		l.check(l.Crash(follower))
		cas := &request{Command: command{Op: opCAS, Client: 999, Serial: 1, Key: "k", Old: "1", New: "2"}}
		l.write("k", 1)
		first := l.mustCall(l.leader(), cas)
		l.write("k", 1)
		for range 1000 {
			l.write("other", 1)
		}
		l.check(l.Restart(follower))
		l.eventually(follower, "k", "1")
		if l.counter("snapshots installed") == 0 {
			t.Error("no snapshot was installed")
		}
		time.Sleep(time.Second)
		l.elect(follower)
		if again := l.mustCall(follower, cas); again != first || first.Code != codeOK {
			t.Errorf("first %+v, then %+v", first, again)
		}
		if got := l.mustRead("k"); got != "1" {
			t.Errorf("the value is %s: the command was applied twice", got)
		}
	})
}

// TestAPausedLeaderIsReplaced and follows when it goes on.
func TestAPausedLeaderIsReplaced(t *testing.T) {
	inLab(t, Config{}, func(l *lab) {
		w := l.writers("abc")
		old := l.leader()
		l.check(l.Pause(old))
		time.Sleep(2 * time.Second)
		l.await()
		if l.leader() == old {
			t.Errorf("%s is paused and leads", old)
		}
		l.check(l.Resume(old))
		time.Sleep(time.Second)
		w.verify()
		l.write("k", 7)
		l.eventually(old, "k", "7")
	})
}

// TestALeaderThatWasPausedServesNoOldValue at the levels that claim to be linearizable, whatever waited at
// its door: here reads that clients had sent it before, and answers of its followers.
func TestALeaderThatWasPausedServesNoOldValue(t *testing.T) {
	for _, level := range []string{"log", "readindex", "lease"} {
		t.Run(level, func(t *testing.T) {
			inLab(t, Config{Nodes: 3, Read: level}, func(l *lab) {
				l.write("k", 1)
				old := l.leader()
				l.check(l.Pause(old))
				for l.write("k", 2).Type != history.OK {
				}
				answers := make(chan response, 10)
				for range cap(answers) {
					go func() { answers <- l.call(old, &request{Command: command{Op: opGet, Client: 999, Key: "k"}}) }()
				}
				time.Sleep(100 * time.Millisecond)
				l.check(l.Resume(old))
				for range cap(answers) {
					if a := <-answers; a.Code == codeOK && a.Result.Value != "2" {
						t.Errorf("read %s, but 2 was acknowledged before", a.Result.Value)
					}
				}
			})
		})
	}
}

// TestACutOffLeaderServesNoReads that it cannot confirm, and says that it certainly did not.
func TestACutOffLeaderServesNoReads(t *testing.T) {
	inLab(t, Config{Nodes: 3, Read: "readindex"}, func(l *lab) {
		leader := l.leader()
		for _, n := range l.Nodes() {
			if n != leader {
				l.Faults().Links.Cut(leader, n)
			}
		}
		for range 20 {
			if a := l.call(leader, &request{Command: command{Op: opGet, Key: "k"}}); a.Code == codeOK || !a.Code.definite() {
				t.Errorf("%+v", a)
			}
		}
		for _, n := range l.Nodes() {
			l.Faults().Links.Mend(leader, n)
		}
	})
}

// TestStopLeavesNothingBehind, whatever state the nodes are in.
func TestStopLeavesNothingBehind(t *testing.T) {
	inLab(t, Config{}, func(l *lab) {
		w := l.writers("abcdef")
		time.Sleep(time.Second)
		l.check(l.Pause("n1"))
		l.check(l.Crash("n2"))
		l.check(l.Pause("n3"))
		l.check(l.PowerLoss("n3"))
		time.Sleep(300 * time.Millisecond)
		close(w.stop) // but their last operations are under way when the cluster stops
	})
}

// TestALeaderMayDieWhilePaused: what waited at its door goes on into the void.
func TestALeaderMayDieWhilePaused(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		w := l.writers("abcdefgh")
		for range 3 {
			time.Sleep(time.Second)
			leader := l.leader()
			l.check(l.Pause(leader))
			time.Sleep(10 * time.Millisecond)
			l.check(l.Crash(leader))
			l.check(l.Restart(leader))
		}
		w.verify()
	})
}
