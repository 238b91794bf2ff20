package sim

import (
	"fmt"
	"sync"
	"time"
)

// clock is the wall clock of a machine: it runs on while the process is down. Timers do not follow it: those of a Process,
// like all timers of Go, count on the machine's monotonic clock, which nobody sets, and which here is the world's
// time.
type clock struct {
	mu     sync.Mutex
	base   time.Time     // what it showed at since, without the strobe
	since  time.Time     // in the world's time
	ppm    int64         // how many microseconds it gains in a second
	strobe time.Duration // how far it is off in every other period; 0 when it does not jump
	period time.Duration
	began  time.Time // when the first period began, in the world's time
}

func newClock() *clock {
	now := time.Now()
	return &clock{base: now, since: now}
}

// now is what the clock shows.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	world := time.Now()
	shown := c.steady(world)
	if c.strobe != 0 && world.Sub(c.began)/c.period%2 == 0 {
		return shown.Add(c.strobe)
	}
	return shown
}

// steady is what the clock would show if it did not jump back and forth.
func (c *clock) steady(world time.Time) time.Time {
	passed := world.Sub(c.since)
	gained := passed / time.Microsecond * time.Duration(c.ppm) / 1000 // whole microseconds, so that a year does not overflow
	return c.base.Add(passed + gained)
}

// jump sets the clock forward, or back.
func (c *clock) jump(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = c.base.Add(by)
}

// drift lets it gain, or lose, from now on.
func (c *clock) drift(ppm int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	world := time.Now()
	c.base, c.since, c.ppm = c.steady(world), world, ppm
}

// flicker lets it jump at once and back a period later, and so on.
func (c *clock) flicker(by, period time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.strobe, c.period, c.began = by, period, time.Now()
}

// correct makes it show the world's time again, and keep to it.
func (c *clock) correct() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.base, c.since, c.ppm, c.strobe = now, now, 0, 0
}

// Jump sets a node's clock forward, or back.
func (c *Cluster) Jump(name string, by time.Duration) error {
	return c.onClock(name, func(k *clock) { k.jump(by) })
}

// Drift lets a node's clock gain ppm microseconds in a second.
func (c *Cluster) Drift(name string, ppm int64) error {
	if ppm <= -1_000_000 {
		return fmt.Errorf("a clock that gains %d microseconds in a second stands still or runs backwards", ppm)
	}
	return c.onClock(name, func(k *clock) { k.drift(ppm) })
}

// Strobe lets a node's clock jump at once, back a period later, and so on.
func (c *Cluster) Strobe(name string, by, period time.Duration) error {
	if period <= 0 {
		return fmt.Errorf("a clock cannot jump every %v", period)
	}
	return c.onClock(name, func(k *clock) { k.flicker(by, period) })
}

// Correct sets a node's clock right.
func (c *Cluster) Correct(name string) error { return c.onClock(name, (*clock).correct) }

func (c *Cluster) onClock(name string, do func(*clock)) error {
	m, err := c.machine(name)
	if err != nil {
		return err
	}
	do(m.clock)
	return nil
}
