package sim_test

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster/sim"
)

// scribe notes what its timers do.
type scribe struct {
	mu   sync.Mutex
	said []string
}

func (*scribe) Role() (string, uint64) { return "follower", 0 }
func (*scribe) Stop() error            { return nil }

func (s *scribe) say(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, text)
}

// heard is what was said so far. Of what is said in one instant the order is chance's.
func (s *scribe) heard() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.said)
}

// when says so when a timer expires, unless the process dies before.
func (s *scribe) when(p *sim.Process, t *sim.Timer, text string) {
	p.Go(func() {
		select {
		case <-t.C:
			s.say(text)
		case <-p.Done():
			s.say("dead before " + text)
		}
	})
}

// withScribe has a test on a machine alone.
func withScribe(t *testing.T, f func(t *testing.T, c *sim.Cluster, p *sim.Process, s *scribe)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := &scribe{}
		var process *sim.Process
		c, err := sim.New(sim.Config{Dir: dir, Nodes: []string{"n1"}, Boot: func(p *sim.Process) (sim.Program, error) {
			process = p
			return s, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		f(t, c, process, s)
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// TestTimersWaitForTheirProcess: those that are due while it is paused expire when it resumes.
func TestTimersWaitForTheirProcess(t *testing.T) {
	withScribe(t, func(t *testing.T, c *sim.Cluster, p *sim.Process, s *scribe) {
		s.when(p, p.NewTimer(300*time.Millisecond), "third")
		s.when(p, p.NewTimer(200*time.Millisecond), "second")
		s.when(p, p.NewTimer(100*time.Millisecond), "first")
		late := p.NewTimer(time.Second)
		s.when(p, late, "late")
		time.Sleep(150 * time.Millisecond)
		_ = c.Pause("n1")
		time.Sleep(time.Second / 2)
		s.say("resumes")
		_ = c.Resume("n1")
		synctest.Wait()
		heard := s.heard()
		slices.Sort(heard[2:])
		if want := []string{"first", "resumes", "second", "third"}; !slices.Equal(heard, want) {
			t.Errorf("%v, want %v", heard, want)
		}
		time.Sleep(time.Second)
		if heard := s.heard(); heard[len(heard)-1] != "late" {
			t.Errorf("%v", heard)
		}
	})
}

// TestTimersOfTheDeadDoNotExpire, be it while they are paused.
func TestTimersOfTheDeadDoNotExpire(t *testing.T) {
	withScribe(t, func(t *testing.T, c *sim.Cluster, p *sim.Process, s *scribe) {
		s.when(p, p.NewTimer(100*time.Millisecond), "the first")
		p.Go(func() {
			for range 2 { // the second time it is dead already
				if p.Sleep(time.Hour) {
					s.say("it slept in peace")
				}
			}
		})
		_ = c.Pause("n1")
		time.Sleep(time.Second)
		_ = c.Crash("n1")
		time.Sleep(time.Second)
		if want := []string{"dead before the first"}; !slices.Equal(s.heard(), want) {
			t.Errorf("%v, want %v", s.heard(), want)
		}
	})
}

// TestATimerIsStoppedAndReset as those of package time are.
func TestATimerIsStoppedAndReset(t *testing.T) {
	withScribe(t, func(t *testing.T, _ *sim.Cluster, p *sim.Process, _ *scribe) {
		timer := p.NewTimer(time.Second)
		time.Sleep(2 * time.Second)
		if timer.Stop() {
			t.Error("it has expired, and stop says that it would have")
		}
		begin := time.Now()
		if timer.Reset(3 * time.Second) {
			t.Error("it was stopped")
		}
		if at := <-timer.C; at.Sub(begin) != 3*time.Second {
			t.Errorf("it expires after %v", at.Sub(begin))
		}
		timer.Reset(time.Second)
		if !timer.Stop() {
			t.Error("it was running")
		}
		time.Sleep(2 * time.Second)
		select {
		case <-timer.C:
			t.Error("it was stopped")
		default:
		}
		ticker := p.NewTicker(time.Second)
		begin = time.Now()
		time.Sleep(3500 * time.Millisecond) // two are dropped
		for _, want := range []time.Duration{time.Second, 4 * time.Second, 5 * time.Second} {
			if at := <-ticker.C; at.Sub(begin) != want {
				t.Errorf("it ticks after %v, want %v", at.Sub(begin), want)
			}
		}
		ticker.Stop()
	})
}
