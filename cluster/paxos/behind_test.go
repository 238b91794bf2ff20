package paxos

import (
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// TestAllAreBehindUntilTheLeaderHasChosen: a new leader may have a command that was acknowledged and that nobody, itself included, knows to
// be chosen. Then all know as much as the leader, and yet they are behind: while syncs take half a second, phase 2 of the new ballot does.
func TestAllAreBehindUntilTheLeaderHasChosen(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		check := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		opened, err := Kind().Open(cluster.Env{Seed: 1, Dir: dir, Nodes: 3, Mode: "local", Config: Kind().Config()})
		check(err)
		s := opened.(*system)
		check(s.Start())
		time.Sleep(2 * time.Second)
		if out := s.Open(1, "n1").Do(cluster.Op{F: "write", Key: "k", Value: history.IntValue(1)}); out.Type != history.OK {
			t.Fatalf("%+v", out)
		}
		nodes := []string{"n1", "n2", "n3"}
		for _, n := range nodes {
			check(s.Crash(n))
		}
		for _, n := range nodes {
			check(s.SlowDisk(n, 500*time.Millisecond, 0))
			check(s.Restart(n))
		}
		for len(s.Behind()) > 0 {
			time.Sleep(time.Millisecond)
		}
		for _, n := range nodes {
			r := s.Program(n).(*replica)
			r.Lock()
			if r.chosen < r.log.length() {
				t.Errorf("nobody is behind, and of %d commands that %s has it knows %d to be chosen", r.log.length(), n, r.chosen)
			}
			r.Unlock()
		}
		check(s.Stop())
	})
}
