package sim_test

import (
	"testing"
	"time"
)

// TestProgressIsSampled of each node that runs, 200 ms after 200 ms, as long as anybody says anything.
func TestProgressIsSampled(t *testing.T) {
	inLab(t, 3, func(l *lab) {
		const each = 200 * time.Millisecond
		speak := func(d time.Duration) {
			for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
				l.mustAdd(1)
			}
		}
		speak(3 * time.Second)
		l.check(l.Crash("n2"))
		crashed := time.Since(l.start)
		speak(3 * time.Second)
		l.check(l.Restart("n2"))
		restarted := time.Since(l.start)
		speak(3 * time.Second)
		l.toy("n3").Happened("something")

		last := map[string]time.Duration{}
		events := 0
		for _, p := range l.Report().Progress {
			if p.Event != "" {
				events++
				continue
			}
			before, ok := last[p.Node]
			away := p.Node == "n2" && before <= crashed && p.Time >= restarted
			if gap := p.Time.Truncate(each) - before.Truncate(each); ok && gap != each && !away {
				t.Errorf("%s: a sample at %v and the next at %v", p.Node, before, p.Time)
			}
			if p.Node == "n2" && p.Time > crashed && p.Time < restarted {
				t.Errorf("a node that is down has %+v", p)
			}
			last[p.Node] = p.Time
		}
		if len(last) != 3 || last["n2"] < 8*time.Second || events != 1 {
			t.Errorf("the last samples are at %v, and there are %d events", last, events)
		}
	})
}
