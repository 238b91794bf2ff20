package sim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/cluster/report"
	"faultline/cluster/sim"
	"faultline/history"
)

// TestACrashKeepsWhatWasWritten, synced or not, and a loss of power what was synced.
func TestACrashKeepsWhatWasWritten(t *testing.T) {
	for _, test := range []struct {
		name string
		hurt func(*lab) error
		want int
	}{
		{"crash", func(l *lab) error { return l.Crash("n1") }, 5},
		{"loss of power", func(l *lab) error {
			l.check(l.BreakDisk("n1", cluster.LyingDisk)) // else it is drawn what was written back in time
			return l.PowerLoss("n1")
		}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			inLab(t, 3, func(l *lab) {
				l.mustAdd(3)
				l.check(l.SlowDisk("n1", time.Second, 0))
				go l.add(2) // is written, and not yet synced when its machine is hurt
				time.Sleep(100 * time.Millisecond)
				l.check(test.hurt(l))
				time.Sleep(2 * time.Second)
				l.check(l.MendDisk("n1", cluster.LyingDisk))
				l.check(l.MendDisk("n1", cluster.SlowDisk))
				l.check(l.Restart("n1"))
				if got := l.sum("n1"); got != test.want {
					t.Errorf("it begins with %d, want %d", got, test.want)
				}
			})
		})
	}
}

// TestAPauseStopsAProcess: its loops, its tickers and its answers; and all of it goes on afterwards.
func TestAPauseStopsAProcess(t *testing.T) {
	inLab(t, 3, func(l *lab) {
		time.Sleep(105 * time.Millisecond)
		paused, other := l.toy("n1"), l.toy("n2")
		counts := func(x *toy) (ticks, rings int) { return x.add(&x.ticks, 0), x.add(&x.rings, 0) }
		ticks, rings := counts(paused)
		if ticks < 9 || rings < 9 {
			t.Fatalf("%d ticks and %d rings in 105 ms", ticks, rings)
		}
		l.check(l.Pause("n1"))
		if out := l.add(1); out.Type != history.Info {
			t.Errorf("asked while it is stopped: %+v", out)
		}
		time.Sleep(time.Second)
		if a, b := counts(paused); a != ticks || b != rings {
			t.Errorf("%d ticks and %d rings of a process that is stopped", a-ticks, b-rings)
		}
		if a, _ := counts(other); a < 100 {
			t.Errorf("%d ticks of another in a second", a)
		}
		l.check(l.Resume("n1"))
		time.Sleep(50 * time.Millisecond)
		a, b := counts(paused)
		if a -= ticks; a < 4 || a > 6 {
			t.Errorf("%d ticks in the 50 ms after it resumed", a)
		}
		if b -= rings; b < 4 || b > 6 {
			t.Errorf("%d rings in the 50 ms after it resumed", b)
		}
		if got := l.sum("n3"); got != 1 {
			t.Errorf("what waited at its door was not done, or twice: %d", got)
		}
	})
}

// TestOutcomesAreHonest: what certainly was not done fails, and nothing else does.
func TestOutcomesAreHonest(t *testing.T) {
	inLab(t, 3, func(l *lab) {
		l.mustAdd(1)
		l.check(l.Crash("n1"))
		time.Sleep(10 * time.Millisecond) // the client's machine hears that its connection is gone
		if out := l.add(1); out.Type != history.Fail || out.Error == "" {
			t.Errorf("nobody takes it: %+v", out)
		}
		l.check(l.Restart("n1"))
		l.mustAdd(1)
		l.check(l.SlowDisk("n1", 100*time.Millisecond, 0))
		time.AfterFunc(50*time.Millisecond, func() { l.check(l.Crash("n1")) })
		if out := l.add(1); out.Type != history.Info {
			t.Errorf("it died with the request: %+v", out)
		}
	})
}

// TestATestIsRecorded: roles, progress, a majority, logs, counters and messages, each with its answer.
func TestATestIsRecorded(t *testing.T) {
	inLab(t, 3, func(l *lab) {
		l.mustAdd(4)
		time.Sleep(time.Second)
		l.check(l.Crash("n2"))
		l.check(l.Pause("n3"))
		l.check(l.Resume("n3"))
		l.check(l.Restart("n2"))
		r := l.Report()
		var roles []string
		for _, x := range r.Track {
			roles = append(roles, x.Node+" "+x.Role)
		}
		if got, want := strings.Join(roles, ", "), "n1 leader, n2 follower, n3 follower, n2 down, n3 paused, n3 follower, n2 follower"; got != want {
			t.Errorf("roles: %s\nwant   %s", got, want)
		}
		var quorum []bool
		for _, q := range r.Quorum {
			quorum = append(quorum, q.Has)
		}
		if !slices.Equal(quorum, []bool{true, false, true}) {
			t.Errorf("a majority: %v", r.Quorum)
		}
		if log := string(r.Logs[1].Text); !strings.Contains(log, "begins with 0\n") || !strings.Contains(log, "process: killed\n") || !strings.HasSuffix(log, "begins with 4\n") {
			t.Errorf("the log of n2:\n%s", log)
		}
		if !slices.Contains(r.Counters, report.Counter{Name: "restarts", Value: 1}) {
			t.Errorf("counters: %v", r.Counters)
		}
		var said []string
		for _, m := range r.Messages {
			said = append(said, strings.TrimSpace(m.From+" to "+m.To+": "+m.Kind+" "+m.Detail))
		}
		want := []string{
			"client 7 to n2: add 4", "n2 to client 7: add response not-leader, ask n1", "client 7 to n1: add 4",
			"n1 to n2: store 4", "n2 to n1: store response", "n1 to n3: store 4", "n3 to n1: store response",
			"n1 to client 7: add response sum 4",
		}
		if !slices.Equal(said, want) {
			t.Errorf("said:\n%s\nwant:\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestDeathAtAPoint, of a process that runs and of one that starts.
func TestDeathAtAPoint(t *testing.T) {
	inLab(t, 3, func(l *lab) {
		var deaths []cluster.Death
		l.OnDeath(func(d cluster.Death) { deaths = append(deaths, d) })
		l.mustAdd(1)
		l.check(l.CrashAt("n1", "store"))
		if out := l.add(1); out.Type != history.Info {
			t.Errorf("%+v", out)
		}
		l.check(l.CrashAt("n1", "booted"))
		if err := l.Restart("n1"); err == nil || err.Error() != "n1 died while it started" {
			t.Errorf("%v", err)
		}
		l.check(l.Restart("n1"))
		l.toy("n2").Die("it cannot go on")
		want := []cluster.Death{{Node: "n1", Kind: "crash-at", Detail: "store"}, {Node: "n1", Kind: "crash-at", Detail: "booted"},
			{Node: "n2", Kind: "panic", Detail: "it cannot go on"}}
		if !slices.Equal(deaths, want) {
			t.Errorf("deaths %v, want %v", deaths, want)
		}
		if l.Program("n2") != nil || l.sum("n1") != 1 {
			t.Errorf("n1 has %d; n2 is %v", l.sum("n1"), l.Program("n2"))
		}
	})
}

func TestAConfigThatMakesNoSenseIsRefused(t *testing.T) {
	for want, nodes := range map[string][]string{
		"a cluster has one node or more": nil,
		"there are two nodes called n1":  {"n1", "n2", "n1"},
	} {
		if _, err := sim.New(sim.Config{Nodes: nodes}); err == nil || err.Error() != want {
			t.Errorf("%v: %v, want %s", nodes, err, want)
		}
	}
}
