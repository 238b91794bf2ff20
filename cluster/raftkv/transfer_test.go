package raftkv

import (
	"testing"
	"time"
)

// TestLeadershipIsHandedOver to whom it is asked to, or to anybody, and no lease survives that.
func TestLeadershipIsHandedOver(t *testing.T) {
	inLab(t, Config{Nodes: 3, Read: "lease"}, func(l *lab) {
		l.write("k", 1)
		for _, to := range []string{l.follower(), ""} {
			old := l.leader()
			l.mustCall(old, getK)
			server := l.replica(old).server
			held := func() bool { return server.lease.holds(server.now(), server.Raft.CurrentTerm(), server.Voters()) }
			if !held() {
				t.Error("there is no lease")
			}
			l.check(l.Transfer(to))
			if held() {
				t.Error("there still is a lease")
			}
			time.Sleep(100 * time.Millisecond) // far less than an election by time-out takes
			if now := l.leader(); now == old || to != "" && now != to {
				t.Errorf("%s leads after %s was to hand over to %q", now, old, to)
			}
			l.await()
		}
	})
}

func TestATransferThatMakesNoSenseIsRefused(t *testing.T) {
	refused := func(err error, want string) {
		t.Helper()
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		leader := l.leader()
		refused(l.Transfer("n9"), `there is no node "n9"`)
		refused(l.Transfer(leader), leader+" leads already")
		for _, n := range l.Nodes() {
			l.check(l.Crash(n))
		}
		refused(l.Transfer(""), "no node leads")
	})
	inLab(t, Config{Nodes: 1}, func(l *lab) { refused(l.Transfer(""), "there is no other node") })
}
