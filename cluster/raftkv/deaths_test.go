package raftkv

import (
	"slices"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/cluster/raftnode"
)

// TestNoAcknowledgedWriteIsLostAtCrashPoints, when all nodes die there, each when it gets there.
func TestNoAcknowledgedWriteIsLostAtCrashPoints(t *testing.T) {
	for _, point := range slices.Compact(raftnode.CrashPoints()) {
		t.Run(point, func(t *testing.T) {
			inLab(t, Config{Nodes: 3, Raft: smallSnapshots}, func(l *lab) {
				deaths := l.deaths()
				w := l.writers("abcdef")
				time.Sleep(2 * time.Second)
				for range 3 {
					for _, n := range l.Nodes() {
						l.check(l.CrashAt(n, point))
					}
					l.provoke(point)
					time.Sleep(2 * time.Second)
					for _, n := range l.Nodes() {
						l.check(l.Disarm(n))
						l.startIfDown(n)
					}
					l.await()
				}
				w.verify()
				if len(deaths()) == 0 {
					t.Error("nobody died")
				}
				for _, d := range deaths() {
					if d.Kind != "crash-at" || d.Detail != point {
						t.Errorf("%+v", d)
					}
				}
			})
		})
	}
}

// provoke brings nodes to a point that they do not come to while all is well.
func (l *lab) provoke(point string) {
	switch point {
	case "vote":
		l.check(l.Crash(l.leader()))
	case "restore":
		l.check(l.Crash("n1"))
		if err := l.Restart("n1"); err == nil {
			l.t.Error("n1 started")
		}
	}
}

// TestADeathAtAPointIsInstant: a leader that dies with a write on its disk, before the sync, has told nobody.
func TestADeathAtAPointIsInstant(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		deaths := l.deaths()
		leader := l.leader()
		l.check(l.CrashAt(leader, "log-sync"))
		l.write("k", 1)
		if got := deaths(); len(got) != 1 || got[0] != (cluster.Death{Node: leader, Kind: "crash-at", Detail: "log-sync"}) {
			t.Fatalf("deaths %v", got)
		}
		if l.replica(leader) != nil {
			t.Error("it runs")
		}
		if l.Crash(leader) == nil {
			t.Error("it could be killed once more")
		}
		l.check(l.Restart(leader))
		l.write("k", 2)
		l.eventually(leader, "k", "2")
	})
}
