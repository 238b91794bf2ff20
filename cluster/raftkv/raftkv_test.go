package raftkv

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/report"
	"faultline/history"
)

// TestEveryLevelServesEveryOperation on a cluster without faults, where even a stale read finds what was
// written a little before.
func TestEveryLevelServesEveryOperation(t *testing.T) {
	one, two := history.IntValue(1), history.IntValue(2)
	for _, level := range levelNames() {
		t.Run(level, func(t *testing.T) {
			inLab(t, Config{Nodes: 3, Read: level}, func(l *lab) {
				c := l.open("n1")
				defer c.Close()
				for i, step := range []struct {
					f     string
					value history.Value
					want  string
				}{
					{"read", history.Value{}, "ok null"},
					{"write", one, "ok"},
					{"read", history.Value{}, "ok 1"},
					{"cas", history.ListValue(one, two), "ok"},
					{"cas", history.ListValue(one, two), "fail 2 (precondition-failed)"},
					{"read", history.Value{}, "ok 2"},
					{"delete", history.Value{}, "ok"},
					{"read", history.Value{}, "ok null"},
				} {
					time.Sleep(time.Second) // for followers to hear of it
					out := c.Do(cluster.Op{F: step.f, Key: "k", Value: step.value})
					if i > 0 && out.LogIndex == 0 {
						t.Errorf("%s has no index", step.f)
					}
					out.Node, out.LogIndex = "", 0
					if got := describe(out); got != step.want {
						t.Errorf("step %d, %s %v: %s, want %s", i, step.f, step.value, got, step.want)
					}
				}
			})
		})
	}
}

func TestAClusterOfOneServes(t *testing.T) {
	for _, level := range levelNames() {
		t.Run(level, func(t *testing.T) {
			inLab(t, Config{Nodes: 1, Read: level}, func(l *lab) {
				l.write("k", 1)
				if got := l.mustRead("k"); got != "1" {
					t.Errorf("read %s", got)
				}
			})
		})
	}
}

// TestALeaderIsFound by a client that asks another node first: the node names the leader.
func TestALeaderIsFound(t *testing.T) {
	inLab(t, Config{}, func(l *lab) {
		for _, node := range l.Nodes() {
			begin := time.Now()
			out := l.ask(node, cluster.Op{F: "write", Key: "k", Value: history.IntValue(1)})
			if out.Type != history.OK || out.Node != l.leader() || time.Since(begin) > 50*time.Millisecond {
				t.Errorf("by %s: %s after %v; the leader is %s", node, describe(out), time.Since(begin), l.leader())
			}
		}
	})
}

// TestAClientThatIsCutOffReportsInfo for what it sent and heard nothing of, and fail for what it could not
// even send.
func TestAClientThatIsCutOffReportsInfo(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		c := l.open(l.leader())
		defer c.Close()
		write := cluster.Op{F: "write", Key: "k", Value: history.IntValue(1)}
		if out := c.Do(write); out.Type != history.OK {
			t.Fatal(describe(out))
		}
		me := fmt.Sprintf("client-%d", l.clients)
		for _, n := range l.Nodes() {
			l.Faults().Links.Cut(n, me)
		}
		begin := time.Now()
		write.Value = history.IntValue(2)
		if out := c.Do(write); out.Type != history.Info || out.Error != "timeout" || time.Since(begin) != time.Second {
			t.Errorf("%s after %v", describe(out), time.Since(begin))
		}
		if got := l.mustRead("k"); got != "2" {
			t.Errorf("the value is %s: only the answer was cut off", got)
		}
		for _, n := range l.Nodes() {
			l.Faults().Links.Cut(me, n)
		}
		c.Close()
		if out := c.Do(write); out.Type != history.Fail {
			t.Errorf("without a connection: %s", describe(out))
		}
	})
}

// TestARetriedCommandIsAppliedOnce: the answer to a cas is cut off. The client sends it again, and is told
// that it did what it wanted; had it been applied twice, it would be told that it found something else.
func TestARetriedCommandIsAppliedOnce(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		leader := l.leader()
		c := l.open(leader)
		defer c.Close()
		l.write("k", 1)
		_ = c.Do(cluster.Op{F: "read", Key: "k"})
		me := fmt.Sprintf("client-%d", l.clients-1)
		l.Faults().Links.Cut(leader, me)
		go func() {
			time.Sleep(500 * time.Millisecond)
			l.Faults().Links.Mend(leader, me)
		}()
		begin := time.Now()
		out := c.Do(cluster.Op{F: "cas", Key: "k", Value: history.PairValue(1, 2)})
		if out.Type != history.OK || time.Since(begin) < 400*time.Millisecond {
			t.Errorf("%s after %v", describe(out), time.Since(begin))
		}
	})
}

func TestFaultsAreRefusedWhereTheyMakeNoSense(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		for _, err := range []error{l.Crash("n9"), l.PowerLoss("n9"), l.Restart("n9"), l.Pause("n9"), l.Resume("n9")} {
			if err == nil || err.Error() != `there is no node "n9"` {
				t.Error(err)
			}
		}
		refused := func(err error, want string) {
			t.Helper()
			if err == nil || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		refused(l.Restart("n1"), "n1 is running already")
		refused(l.Resume("n1"), "n1 is not paused")
		l.check(l.Pause("n1"))
		refused(l.Pause("n1"), "n1 is paused already")
		l.check(l.Crash("n1"))
		refused(l.Crash("n1"), "n1 is down already")
		refused(l.PowerLoss("n1"), "n1 is down already")
		refused(l.Pause("n1"), "n1 is down")
		refused(l.Resume("n1"), "n1 is not paused")
		l.check(l.Restart("n1"))
		refused(l.Resume("n1"), "n1 is not paused")
	})
}

// TestANodeWithADamagedDiskDoesNotStart, says why, and can be started once the disk is repaired.
func TestANodeWithADamagedDiskDoesNotStart(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		disk := l.replica("n1").Process.Volume().Disk()
		l.check(l.Crash("n1"))
		v, err := disk.Open()
		l.check(err)
		_, err = v.Create("1-1-1.snap")
		l.check(err)
		l.check(v.Close())
		if err, want := l.Restart("n1"), "n1: read snapshots: 1-1-1.snap: no header"; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		l.check(disk.Remove("1-1-1.snap"))
		l.check(l.Restart("n1"))
	})
}

func TestAConfigThatMakesNoSenseIsRefused(t *testing.T) {
	for want, c := range map[string]Config{
		"a cluster has 1 to 99 nodes, not 100":                                                           {Nodes: 100},
		"a cluster has 1 to 99 nodes, not -1":                                                            {Nodes: -1},
		`unknown read level "fresh"`:                                                                     {Read: "fresh"},
		"the leader lease time-out must not be longer than the heartbeat time-out":                       {Raft: raftnode.Config{LeaderLeaseTimeout: time.Second}},
		"the election time-out must not be shorter than the heartbeat time-out":                          {Raft: raftnode.Config{ElectionTimeout: 400 * time.Millisecond}},
		"a time-out of raft is 5ms or longer":                                                            {Raft: raftnode.Config{HeartbeatTimeout: time.Millisecond}},
		"a lease of 420ms, with a fifth as a margin, must be shorter than the heartbeat time-out, 500ms": {Lease: 420 * time.Millisecond},
		"a read cannot be -1s old":                                                                       {Bound: -time.Second},
	} {
		if _, err := New(c); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestTheReportTellsWhoLedWhen, at any time, of the living and the dead.
func TestTheReportTellsWhoLedWhen(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		first := l.leader()
		l.check(l.Crash(first))
		l.await()
		second := l.leader()
		l.check(l.Restart(first))
		time.Sleep(time.Second)
		r := l.Report()
		var roles []string
		for i, change := range r.Track {
			if i > 0 && change.Time < r.Track[i-1].Time {
				t.Errorf("time runs backwards at %+v", change)
			}
			if change.Role == "leader" || change.Role == "down" {
				roles = append(roles, change.Node+" "+change.Role)
			}
		}
		if want := []string{first + " leader", first + " down", second + " leader"}; !slices.Equal(roles, want) {
			t.Errorf("%v, want %v", roles, want)
		}
		for _, want := range []report.Counter{{Name: "elections", Value: 2}, {Name: "restarts", Value: 1}, {Name: "snapshots taken"}} {
			if !slices.Contains(r.Counters, want) {
				t.Errorf("no %+v in %+v", want, r.Counters)
			}
		}
	})
}

// TestADeadNodeLogsNothing: its log ends where it was killed, and goes on where it was started again.
func TestADeadNodeLogsNothing(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		leader := l.leader()
		l.check(l.Crash(leader))
		time.Sleep(time.Second)
		lines := strings.Split(strings.TrimSpace(l.log(leader)), "\n")
		if last := lines[len(lines)-1]; !strings.HasSuffix(last, "process: killed") {
			t.Errorf("the log ends with %s", last)
		}
		l.check(l.Restart(leader))
		if log := l.log(leader); !strings.Contains(log, "process: started\n") || !strings.Contains(log, "raft: initial configuration") {
			t.Errorf("the log is\n%s", log)
		}
	})
}
