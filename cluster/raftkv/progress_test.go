package raftkv

import (
	"testing"
	"time"

	"faultline/cluster/raftnode"
	"faultline/cluster/report"
)

// TestProgressTellsOfSnapshots, at their own time, and no node is ahead of its log.
func TestProgressTellsOfSnapshots(t *testing.T) {
	c := Config{Nodes: 3, Raft: raftnode.Config{SnapshotInterval: time.Second, SnapshotThreshold: 20, TrailingLogs: 5}}
	inLab(t, c, func(l *lab) {
		w := l.writers("abc")
		time.Sleep(3 * time.Second)
		down := l.follower()
		l.check(l.Crash(down))
		time.Sleep(5 * time.Second)
		l.check(l.Restart(down))
		time.Sleep(3 * time.Second)
		w.verify()

		last := map[string]report.Progress{}
		events := map[string]int{}
		for _, p := range l.Report().Progress {
			before := last[p.Node]
			switch {
			case p.Time < before.Time:
				t.Fatalf("%+v comes after %+v", p, before)
			case p.Commit > p.Last && p.Event == "" || p.Applied > max(p.Last, p.Snapshot):
				t.Errorf("a node is ahead of its log: %+v", p)
			}
			if p.Event != "" {
				events[p.Event]++
				continue
			}
			last[p.Node] = p
		}
		for _, name := range l.Nodes() {
			if p := last[name]; p.Commit == 0 || p.Applied == 0 || p.Snapshot == 0 {
				t.Errorf("in the end: %+v", p)
			}
		}
		if events[report.SnapshotTaken] == 0 || events[report.SnapshotInstalled] == 0 {
			t.Errorf("events: %v", events)
		}
	})
}
