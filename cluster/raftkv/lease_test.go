package raftkv

import (
	"testing"
	"time"

	"faultline/cluster/raftnode/confirm"
	"faultline/history"
)

var getK = &request{Command: command{Op: opGet, Client: 999, Key: "k"}}

// cutOff cuts a node off from the other nodes, not from clients, until it is called again.
func (l *lab) cutOff(node string) (mend func()) {
	links := l.Faults().Links
	each := func(do func(from, to string)) {
		for _, n := range l.Nodes() {
			if n != node {
				do(node, n)
				do(n, node)
			}
		}
	}
	each(links.Cut)
	return func() { each(links.Mend) }
}

// TestALeaseIsServedFromWithoutQuestions, until it is over.
func TestALeaseIsServedFromWithoutQuestions(t *testing.T) {
	inLab(t, Config{Nodes: 3, Read: "lease"}, func(l *lab) {
		l.write("k", 1)
		leader := l.leader()
		l.mustCall(leader, getK)
		mend := l.cutOff(leader)
		defer mend()
		if a := l.call(leader, getK); a.Code != codeOK || a.Result.Value != "1" {
			t.Errorf("while the lease lasts: %+v", a)
		}
		time.Sleep(l.config.Lease)
		if a := l.call(leader, getK); a.Code == codeOK || !a.Code.definite() {
			t.Errorf("after the lease: %+v", a)
		}
	})
}

// TestALeaseLastsAsLongAsTheNodesClockSays. A leader is cut off, another one is elected and acknowledges a
// write. What the old one serves then depends on what its clock did before.
func TestALeaseLastsAsLongAsTheNodesClockSays(t *testing.T) {
	for _, test := range []struct {
		name  string
		wrong func(l *lab, leader string) error
		stale bool
	}{
		{"right", func(*lab, string) error { return nil }, false},
		{"set forward", func(l *lab, n string) error { return l.Jump(n, 5*time.Second) }, false},
		{"set back", func(l *lab, n string) error { return l.Jump(n, -5*time.Second) }, true},
		{"fast", func(l *lab, n string) error { return l.Drift(n, 500_000) }, false},
		{"slow, within the margin", func(l *lab, n string) error { return l.Drift(n, -150_000) }, false},
		{"far too slow", func(l *lab, n string) error { return l.Drift(n, -950_000) }, true},
		{"set back and set right", func(l *lab, n string) error {
			l.check(l.Jump(n, -5*time.Second))
			return l.Correct(n)
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			inLab(t, Config{Nodes: 3, Read: "lease"}, func(l *lab) {
				l.write("k", 1)
				old := l.leader()
				l.mustCall(old, getK)
				l.check(test.wrong(l, old))
				mend := l.cutOff(old)
				defer mend()
				for l.write("k", 2).Type != history.OK {
				}
				a := l.call(old, getK)
				if stale := a.Code == codeOK && a.Result.Value == "1"; stale != test.stale {
					t.Errorf("%+v", a)
				}
			})
		})
	}
}

// TestAPromiseOutlastsACrash. n1 leads by a lease, and another node that has promised it crashes and starts
// again at once. It knows of no leader, and still votes for nobody as long as it had promised.
func TestAPromiseOutlastsACrash(t *testing.T) {
	inLab(t, Config{Nodes: 3, Read: "lease"}, func(l *lab) {
		l.write("k", 1)
		leader, voter := l.leader(), l.follower()
		mend := l.cutOff(leader)
		defer mend()
		l.check(l.Crash(voter))
		l.check(l.Restart(voter))
		n := l.replica(voter)
		began := n.Raft.CurrentTerm()
		time.Sleep(promise(l.config.Lease) - time.Millisecond)
		if term := n.Raft.CurrentTerm(); term != began {
			t.Errorf("it has voted in term %d", term)
		}
		if leader, _ := n.Raft.LeaderWithID(); leader != "" {
			t.Errorf("it has heard from %s", leader)
		}
		l.await()
	})
}

// TestANodePromisesOnlyWhileItHearsFromItsLeader: raft will vote for another one once the heartbeat time-out
// has passed, and the promise must be over by then.
func TestANodePromisesOnlyWhileItHearsFromItsLeader(t *testing.T) {
	inLab(t, Config{Nodes: 3, Read: "lease"}, func(l *lab) {
		l.write("k", 1)
		leader := l.replica(l.leader())
		voter := l.follower()
		term := leader.Raft.CurrentTerm()
		ask := func(term uint64, d time.Duration) code { return l.call(voter, &request{Term: term, Promise: d}).Code }
		if c := ask(term, 300*time.Millisecond); c != codeOK {
			t.Errorf("while all is well: %d", c)
		}
		if c := ask(term, 500*time.Millisecond); c != codeRefused {
			t.Errorf("for the whole time-out, of which a part has passed: %d", c)
		}
		if c := ask(term+1, 300*time.Millisecond); c != codeRefused {
			t.Errorf("to the leader of a term that it does not know: %d", c)
		}
		if c := ask(term-1, 300*time.Millisecond); c != codeNotLeader {
			t.Errorf("to the leader of the term before: %d", c)
		}
		mend := l.cutOff(leader.Process.Node())
		defer mend()
		time.Sleep(250 * time.Millisecond)
		if c := ask(term, 300*time.Millisecond); c != codeRefused {
			t.Errorf("when it has not heard from it for a while: %d", c)
		}
	})
}

// TestALeaseThatIsSurrenderedStaysSo for the rest of its term, and for a round that was under way.
func TestALeaseThatIsSurrenderedStaysSo(t *testing.T) {
	voters, now := []string{"n1", "n2"}, time.Now()
	granted := func(term uint64) *confirm.Round {
		return &confirm.Round{Question: confirm.Question{Term: term}, Asked: now, Voters: voters}
	}
	var l lease
	l.renew(granted(5), time.Second)
	for what, holds := range map[string]bool{
		"a moment before its end": l.holds(now.Add(time.Second-1), 5, voters),
		"at its end":              !l.holds(now.Add(time.Second), 5, voters),
		"in another term":         !l.holds(now, 6, voters),
		"with other voters":       !l.holds(now, 5, []string{"n1", "n2", "n3"}),
	} {
		if !holds {
			t.Errorf("wrong %s", what)
		}
	}
	l.surrender(5)
	l.renew(granted(5), time.Second)
	if l.holds(now, 5, voters) || l.available(5) {
		t.Error("it was surrendered, and holds")
	}
	l.renew(granted(6), time.Second)
	if !l.holds(now, 6, voters) || !l.available(6) {
		t.Error("the next term has no lease")
	}
}
