package raftkv

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// TestNoAcknowledgedWriteIsLostOnBadDisks, whoever's disks are bad and however many.
func TestNoAcknowledgedWriteIsLostOnBadDisks(t *testing.T) {
	for _, kind := range []cluster.DiskFault{cluster.SlowDisk, cluster.StuckDisk, cluster.BadDisk, cluster.FullDisk} {
		t.Run(string(kind), func(t *testing.T) {
			inLab(t, Config{Nodes: 3}, func(l *lab) {
				w := l.writers("abc")
				for k := range 4 {
					time.Sleep(time.Second)
					whom := l.Nodes()[:k]
					if k == 0 {
						whom = []string{l.leader()}
					}
					for _, n := range whom {
						l.spoil(n, kind)
					}
					time.Sleep(2 * time.Second)
					for _, n := range whom {
						l.check(l.MendDisk(n, kind))
						l.startIfDown(n)
					}
					l.await()
				}
				w.verify()
			})
		})
	}
}

func (l *lab) spoil(node string, kind cluster.DiskFault) {
	l.t.Helper()
	if kind == cluster.SlowDisk {
		l.check(l.SlowDisk(node, 100*time.Millisecond, 100*time.Millisecond))
	} else {
		l.check(l.BreakDisk(node, kind))
	}
}

func (l *lab) startIfDown(node string) {
	l.t.Helper()
	if l.replica(node) == nil {
		l.check(l.Restart(node))
	}
}

// TestAStuckDiskKeepsALeaderInOffice: it goes on sending heartbeats, and nobody is elected, though it cannot
// commit anything. Hashicorp/raft issues 503 and 612 are about that. It does serve again.
func TestAStuckDiskKeepsALeaderInOffice(t *testing.T) {
	inLab(t, Config{}, func(l *lab) {
		leader := l.leader()
		l.check(l.BreakDisk(leader, cluster.StuckDisk))
		for range 10 {
			if out := l.write("k", 1); out.Type == history.OK {
				t.Error("a write was acknowledged")
			}
		}
		if l.leader() != leader {
			t.Errorf("%s was elected", l.leader())
		}
		l.check(l.MendDisk(leader, cluster.StuckDisk))
		l.await()
	})
}

// TestAFailingDiskCostsALeaderItsOffice, and its life when it has to write a term.
func TestAFailingDiskCostsALeaderItsOffice(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		deaths := l.deaths()
		old := l.leader()
		l.check(l.BreakDisk(old, cluster.BadDisk))
		l.await()
		if l.leader() == old {
			t.Errorf("%s leads and cannot write", old)
		}
		want := cluster.Death{Node: old, Kind: "panic", Detail: "failed to save current term: input/output error"}
		if got := deaths(); !slices.Equal(got, []cluster.Death{want}) {
			t.Errorf("deaths %v, want %v", got, want)
		}
		if err := l.Restart(old); !errors.Is(err, syscall.EIO) {
			t.Errorf("restart: %v", err)
		}
		l.check(l.MendDisk(old, cluster.BadDisk))
		l.check(l.Restart(old))
		l.write("k", 7)
		l.eventually(old, "k", "7")
	})
}

// deaths has the lab told of deaths, and returns those so far.
func (l *lab) deaths() func() []cluster.Death {
	var mu sync.Mutex
	var all []cluster.Death
	l.OnDeath(func(d cluster.Death) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, d)
	})
	return func() []cluster.Death {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// TestDisksThatLieLoseAcknowledgedWrites, when a majority loses its power.
func TestDisksThatLieLoseAcknowledgedWrites(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		l.must(cluster.Op{F: "write", Key: "k", Value: history.IntValue(1)})
		for _, n := range l.Nodes() {
			l.check(l.BreakDisk(n, cluster.LyingDisk))
		}
		l.must(cluster.Op{F: "write", Key: "k", Value: history.IntValue(2)})
		for _, n := range l.Nodes() {
			l.check(l.PowerLoss(n))
		}
		for _, n := range l.Nodes() {
			l.check(l.MendDisk(n, cluster.LyingDisk))
			l.check(l.Restart(n))
		}
		l.await()
		if got := l.mustRead("k"); got != "1" {
			t.Errorf("k is %s", got)
		}
	})
}

// TestADamagedNodeDoesNotStart until it is repaired, and says why in its log.
func TestADamagedNodeDoesNotStart(t *testing.T) {
	for part, reason := range map[string]string{"log": "damaged log entry", "snapshot": "checksum does not match"} {
		t.Run(part, func(t *testing.T) {
			inLab(t, Config{Nodes: 3, Raft: smallSnapshots}, func(l *lab) {
				for range 300 {
					l.write("k", 1)
				}
				if l.FlipBit("n1", part) == nil {
					t.Error("the files of a node that is running were changed")
				}
				l.check(l.Crash("n1"))
				l.check(l.FlipBit("n1", part))
				for range 2 {
					if err := l.Restart("n1"); err == nil || !strings.Contains(err.Error(), reason) {
						t.Errorf("restart: %v", err)
					}
				}
				if log := l.log("n1"); !strings.Contains(log, "[ERROR] process: does not start: ") || !strings.Contains(log, reason) {
					t.Errorf("the log is\n%s", log)
				}
				l.check(l.RepairDisk("n1"))
				l.check(l.Restart("n1"))
				l.await() // n1 may have led
				l.write("k", 7)
				l.eventually("n1", "k", "7")
			})
		})
	}
}

func TestWhatDisksAndPointsThereAreNot(t *testing.T) {
	inLab(t, Config{Nodes: 1}, func(l *lab) {
		for name, err := range map[string]error{
			"slow, unknown node":   l.SlowDisk("n9", 1, 1),
			"break, unknown node":  l.BreakDisk("n9", cluster.StuckDisk),
			"break, unknown kind":  l.BreakDisk("n1", "wet"),
			"break, with measure":  l.BreakDisk("n1", cluster.SlowDisk),
			"mend, unknown node":   l.MendDisk("n9", cluster.StuckDisk),
			"mend, unknown kind":   l.MendDisk("n1", "wet"),
			"flip, unknown node":   l.FlipBit("n9", "log"),
			"crash, unknown node":  l.CrashAt("n9", "log-write"),
			"crash, unknown point": l.CrashAt("n1", "lunch"),
			"disarm, unknown node": l.Disarm("n9"),
		} {
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}
	})
}
