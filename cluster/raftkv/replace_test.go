package raftkv

import (
	"testing"
	"time"

	"faultline/cluster"
)

// TestANodeIsReplaced by one that has nothing, and learns everything from the others. It may be the leader.
func TestANodeIsReplaced(t *testing.T) {
	inLab(t, Config{Nodes: 3, Raft: smallSnapshots}, func(l *lab) {
		w := l.writers("abc")
		time.Sleep(time.Second)
		for _, who := range []string{l.follower(), l.leader()} {
			l.check(l.Replace(who))
			n := l.replica(who)
			if got := n.machine.read(&command{Op: opGet, Key: "a"}); got.Present {
				t.Errorf("%s begins with %+v", who, got)
			}
			l.becomes(who, cluster.Voter)
			l.await()
		}
		w.verify()
		l.write("k", 7)
		for _, n := range l.Nodes() {
			l.eventually(n, "k", "7")
		}
	})
}

// TestANodeThatNobodyRemovesIsNotReplaced: it keeps what it has.
func TestANodeThatNobodyRemovesIsNotReplaced(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		refused := func(err error, want string) {
			t.Helper()
			if err == nil || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		l.write("k", 1)
		l.eventually("n1", "k", "1")
		l.check(l.Crash("n2"))
		refused(l.Replace("n9"), `there is no node "n9"`)
		refused(l.Replace("n2"), "n2 is down")
		l.check(l.Pause("n3"))
		refused(l.Replace("n3"), "n3 is paused")
		time.Sleep(2 * time.Second)
		refused(l.Replace("n1"), "no leader has removed n1 within 2s")
		l.eventually("n1", "k", "1")
		l.check(l.Restart("n2"))
		l.check(l.Resume("n3"))
		l.await()
		l.becomes("n1", cluster.Voter)
	})
}

// TestANodeOfWhoseRemovalNotAllHaveHeardIsNotReplaced: a node that is down would take the new machine for the old one.
func TestANodeOfWhoseRemovalNotAllHaveHeardIsNotReplaced(t *testing.T) {
	inLab(t, Config{Nodes: 5}, func(l *lab) {
		l.write("k", 1)
		l.eventually("n1", "k", "1")
		down := "n2"
		if l.leader() == down { // an election may take longer than the replacement waits
			down = "n3"
		}
		l.check(l.Crash(down))
		err := l.Replace("n1")
		if want := "not all others had heard within 2s that n1 was removed"; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		l.eventually("n1", "k", "1")
		l.check(l.Restart(down))
		l.becomes("n1", cluster.Voter)
		l.check(l.Replace("n1"))
		l.becomes("n1", cluster.Voter)
		l.eventually("n1", "k", "1")
	})
}
