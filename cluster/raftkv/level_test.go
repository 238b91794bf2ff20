package raftkv

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"
)

// TestANewLeaderIsReadyByItself: it commits a command of its own, and then serves.
func TestANewLeaderIsReadyByItself(t *testing.T) {
	inLab(t, Config{Nodes: 3, Read: "readindex"}, func(l *lab) {
		l.check(l.Crash(l.leader()))
		time.Sleep(2 * time.Second)
		leader := l.leader()
		if a := l.call(leader, &request{Command: command{Op: opGet, Key: "k"}}); a.Code != codeOK {
			t.Errorf("%s: %+v", leader, a)
		}
	})
}

func TestAFollowerServesOnlyWhatNeedsNoLeader(t *testing.T) {
	for _, level := range levels {
		inLab(t, Config{Nodes: 3, Read: level.Name}, func(l *lab) {
			a := l.call(l.follower(), &request{Command: command{Op: opGet, Client: 999, Serial: 1, Key: "k"}})
			if want := level.anywhere; (a.Code == codeOK) != want {
				t.Errorf("%s: %+v", level.Name, a)
			}
			if a.Code == codeNotLeader && a.Leader != l.leader() {
				t.Errorf("it names %s, but %s leads", a.Leader, l.leader())
			}
		})
	}
}

// TestAReadWaitsForTheStateMachine for a while.
func TestAReadWaitsForTheStateMachine(t *testing.T) {
	for name, test := range map[string]struct {
		after time.Duration
		want  error
		took  time.Duration
	}{
		"applied already": {0, nil, 0},
		"in time":         {applyWait / 2, nil, applyWait / 2},
		"too late":        {2 * applyWait, errNotApplied, applyWait},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &server{machine: newMachine()}
				go func() {
					time.Sleep(test.after)
					s.machine.StoreConfiguration(5, raft.Configuration{})
				}()
				synctest.Wait()
				begin := time.Now()
				if err := s.awaitApplied(5); err != test.want || time.Since(begin) != test.took {
					t.Errorf("after %v: %v", time.Since(begin), err)
				}
				time.Sleep(test.after)
			})
		})
	}
}

// TestALevelClaimsAModel: the names are what a spec says, and the default is one of them.
func TestALevelClaimsAModel(t *testing.T) {
	if _, ok := levelByName(DefaultLevel); !ok {
		t.Errorf("there is no level %s", DefaultLevel)
	}
	for _, l := range levels {
		if l.Claims == "" || l.Doc == "" {
			t.Errorf("level %s is not documented", l.Name)
		}
	}
}
