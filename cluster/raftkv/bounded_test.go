package raftkv

import (
	"testing"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// TestABoundedReadIsNotOlderThanItsBound. A follower is cut off, and a write is acknowledged elsewhere. Within
// the bound the follower may serve the old value; then it knows that it does not know.
func TestABoundedReadIsNotOlderThanItsBound(t *testing.T) {
	for _, test := range []struct {
		name    string
		wrong   func(l *lab, node string) error
		refuses bool
	}{
		{"right clock", func(*lab, string) error { return nil }, true},
		{"clock that is set back", func(l *lab, n string) error { return l.Jump(n, -time.Minute) }, false},
		{"slow clock", func(l *lab, n string) error { return l.Drift(n, -900_000) }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			inLab(t, Config{Nodes: 3, Read: "bounded", Bound: 300 * time.Millisecond}, func(l *lab) {
				l.write("k", 1)
				follower := l.follower()
				l.eventually(follower, "k", "1")
				if a := l.mustCall(follower, getK); a.Result.Value != "1" {
					t.Errorf("%+v", a)
				}
				l.check(test.wrong(l, follower))
				mend := l.cutOff(follower)
				defer mend()
				for l.write("k", 2).Type != history.OK {
				}
				if a := l.call(follower, getK); a.Code != codeOK || a.Result.Value != "1" {
					t.Errorf("within the bound: %+v", a)
				}
				time.Sleep(l.config.Bound)
				a := l.call(follower, getK)
				if refuses := a.Code != codeOK; refuses != test.refuses || refuses && !a.Code.definite() {
					t.Errorf("after the bound: %+v", a)
				}
			})
		})
	}
}

// TestAFollowerThatHearsOfItsLeaderIsNotFreshForThat: it waits for what the leader had committed when it asked.
func TestAFollowerThatHearsOfItsLeaderIsNotFreshForThat(t *testing.T) {
	inLab(t, Config{Nodes: 3, Read: "bounded"}, func(l *lab) {
		for i := range int64(20) {
			l.write("k", i)
			n := l.replica(l.follower())
			n.server.fresh.asked = time.Time{}
			want := history.IntValue(i).String()
			if a := l.mustCall(n.Process.Node(), getK); a.Result.Value != want {
				t.Errorf("read %s right after %s was acknowledged", a.Result.Value, want)
			}
		}
	})
}

// TestASessionReadsWhatItHasWritten, at a node that is behind, and another client does not.
func TestASessionReadsWhatItHasWritten(t *testing.T) {
	inLab(t, Config{Nodes: 3, Read: "session"}, func(l *lab) {
		l.write("k", 1)
		behind := l.follower()
		l.eventually(behind, "k", "1")
		mend := l.cutOff(behind)
		mine, other := l.open(behind), l.open(behind)
		defer mine.Close()
		defer other.Close()
		read := cluster.Op{F: "read", Key: "k"}
		for mine.Do(cluster.Op{F: "write", Key: "k", Value: history.IntValue(2)}).Type != history.OK {
		}
		if out := other.Do(read); out.Value.String() != "1" || out.Node != behind {
			t.Errorf("another client: %s", describe(out))
		}
		if out := mine.Do(read); out.Value.String() != "2" || out.Node == behind {
			t.Errorf("who wrote it: %s", describe(out))
		}
		if out := other.Do(read); out.Value.String() != "1" {
			t.Errorf("another client again: %s", describe(out))
		}
		mend()
		l.eventually(behind, "k", "2")
		if out := mine.Do(read); out.Value.String() != "2" || out.Node != behind {
			t.Errorf("when it has caught up: %s", describe(out))
		}
	})
}
