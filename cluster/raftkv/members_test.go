package raftkv

import (
	"testing"
	"time"

	"faultline/cluster"
)

// becomes has a node become something, and waits until a leader has seen to it.
func (l *lab) becomes(node string, as cluster.Membership) {
	l.t.Helper()
	l.check(l.Become(node, as))
	for range 1000 {
		time.Sleep(10 * time.Millisecond)
		if !l.Changing() {
			return
		}
	}
	l.t.Fatalf("%s never becomes %s", node, as)
}

// is what a node is in the configuration of whoever leads.
func (l *lab) is(node string) cluster.Membership {
	l.t.Helper()
	return l.replica(l.leader()).MembershipOf(node)
}

// TestNodesLeaveAndJoin, leaders too, and what they missed they have when they are back.
func TestNodesLeaveAndJoin(t *testing.T) {
	for _, who := range []func(*lab) string{(*lab).follower, (*lab).leader} {
		inLab(t, Config{Nodes: 3}, func(l *lab) {
			w := l.writers("abc")
			for _, life := range [][]cluster.Membership{
				{cluster.Nonvoter, cluster.Voter},
				{cluster.Outside, cluster.Voter},
				{cluster.Outside, cluster.Nonvoter, cluster.Voter},
				{cluster.Nonvoter, cluster.Outside, cluster.Voter},
			} {
				node := who(l)
				for _, as := range life {
					l.becomes(node, as)
					l.await()
					if got := l.is(node); got != as {
						t.Errorf("%s is a %s, and should be a %s", node, got, as)
					}
				}
			}
			w.verify()
			l.write("k", 7)
			for _, n := range l.Nodes() {
				l.eventually(n, "k", "7")
			}
		})
	}
}

// TestAChangeWaitsForALeader, and is asked for again when the leader that took it is deposed before it is
// committed.
func TestAChangeWaitsForALeader(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		old := l.leader()
		mend := l.cutOff(old)
		l.check(l.Become(old, cluster.Outside)) // it takes that, and can tell nobody
		time.Sleep(100 * time.Millisecond)
		if now := l.leader(); now != old {
			t.Fatalf("%s was elected too soon", now)
		}
		time.Sleep(5 * time.Second)
		mend()
		if l.Changing() {
			t.Error("it is not done")
		}
		if now := l.leader(); now == old || l.is(old) != cluster.Outside {
			t.Errorf("%s leads, and %s is a %s", now, old, l.is(old))
		}
		l.becomes(old, cluster.Voter)
	})
}

// TestWhatWasRemovedConfirmsNobody. Two of five nodes are removed while the leader is cut off from the other
// two. With the old list of nodes it would have a majority: itself and those who hear of nothing.
func TestWhatWasRemovedConfirmsNobody(t *testing.T) {
	inLab(t, Config{Nodes: 5, Read: "readindex"}, func(l *lab) {
		l.write("k", 1)
		leader := l.leader()
		var rest []string
		for _, n := range l.Nodes() {
			if n != leader {
				rest = append(rest, n)
			}
		}
		l.becomes(rest[2], cluster.Outside)
		l.becomes(rest[3], cluster.Outside)
		for _, n := range rest[:2] {
			l.Faults().Links.Cut(leader, n)
			l.Faults().Links.Cut(n, leader)
		}
		if a := l.call(leader, getK); a.Code == codeOK {
			t.Errorf("confirmed by nodes that were removed: %+v", a)
		}
		for _, n := range rest[:2] {
			l.Faults().Links.Mend(leader, n)
			l.Faults().Links.Mend(n, leader)
		}
		for _, n := range rest[2:] {
			l.becomes(n, cluster.Voter)
		}
	})
}

// TestTheClusterMayStopWhileAChangeIsWanted that no leader can see to.
func TestTheClusterMayStopWhileAChangeIsWanted(t *testing.T) {
	inLab(t, Config{Nodes: 3}, func(l *lab) {
		l.check(l.Crash("n2"))
		l.check(l.Crash("n3"))
		time.Sleep(2 * time.Second)
		l.check(l.Become("n2", cluster.Outside))
		if err := l.Become("n9", cluster.Voter); err == nil || err.Error() != `there is no node "n9"` {
			t.Error(err)
		}
		time.Sleep(time.Second)
		if !l.Changing() {
			t.Error("it is done, and nobody leads")
		}
	})
}
