package sim

import "time"

// The timers of a process count on the world's time: it stands for the monotonic clock of its machine, which nobody sets. No
// timer expires while the process is paused. Those that fell due meanwhile expire when it resumes, in order. No timer of a
// dead process expires, so whoever waits for one waits for Done too.

// deadSleep is how long a dead process sleeps. It must take time: in a world no goroutine is preempted, and a loop that
// does not look at the result would starve all others.
const deadSleep = time.Millisecond

// Sleep waits for d, and reports whether the process still lives. It returns early when the process dies. A loop of a process is
//
//	for p.Sleep(d) { … }
func (p *Process) Sleep(d time.Duration) bool {
	if p.Dead() {
		time.Sleep(deadSleep)
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return p.gate.pass()
	case <-p.done:
		return false
	}
}

// After returns a channel that gets the time after d.
func (p *Process) After(d time.Duration) <-chan time.Time { return p.NewTimer(d).C }

// Timer is a time.Timer, or a time.Ticker, of a process.
type Timer struct {
	C <-chan time.Time

	gate   *gate
	period time.Duration // of a ticker; 0 of what expires once

	// These are guarded by the gate.
	c     chan time.Time
	timer *time.Timer
	due   time.Time
	armed bool
	runs  int // how often it was armed
}

// NewTimer returns a timer that expires after d.
func (p *Process) NewTimer(d time.Duration) *Timer { return p.newTimer(d, 0) }

// NewTicker returns a timer that expires every d. Like a time.Ticker it drops ticks that nobody receives.
func (p *Process) NewTicker(d time.Duration) *Timer { return p.newTimer(d, d) }

func (p *Process) newTimer(d, period time.Duration) *Timer {
	c := make(chan time.Time, 1)
	t := &Timer{C: c, c: c, gate: &p.gate, period: period}
	t.Reset(d)
	return t
}

// Stop stops the timer and empties C. It reports whether the timer was running.
func (t *Timer) Stop() bool {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	return t.disarm()
}

// Reset starts the timer anew with d, and empties C. It reports whether the timer was running.
func (t *Timer) Reset(d time.Duration) bool {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	was := t.disarm()
	if t.period > 0 {
		t.period = d
	}
	t.arm(d)
	return was
}

func (t *Timer) arm(d time.Duration) {
	t.runs++
	run := t.runs
	t.armed, t.due = true, time.Now().Add(d)
	t.timer = time.AfterFunc(d, func() { t.gate.whenAwake(func() { t.expire(run) }) })
}

func (t *Timer) disarm() (was bool) {
	if was = t.armed; was {
		t.armed = false
		t.timer.Stop()
	}
	select {
	case <-t.c:
	default:
	}
	return was
}

// expire is called by the gate.
func (t *Timer) expire(run int) {
	if !t.armed || run != t.runs {
		return
	}
	t.armed = false
	now := time.Now()
	select {
	case t.c <- now:
	default:
	}
	if t.period > 0 {
		t.arm(t.period - now.Sub(t.due)%t.period)
	}
}
