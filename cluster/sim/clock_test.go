package sim

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestClocksGoWrong: how far a clock is from the world's time, a while after what was done to it.
func TestClocksGoWrong(t *testing.T) {
	for _, test := range []struct {
		name  string
		do    func(*clock)
		after time.Duration
		want  time.Duration
	}{
		{"nothing", func(*clock) {}, time.Hour, 0},
		{"forward", func(c *clock) { c.jump(2 * time.Second) }, time.Minute, 2 * time.Second},
		{"back", func(c *clock) { c.jump(-2 * time.Second) }, time.Minute, -2 * time.Second},
		{"jumps add up", func(c *clock) { c.jump(3 * time.Second); c.jump(-time.Second) }, 0, 2 * time.Second},
		{"fast", func(c *clock) { c.drift(200) }, 1000 * time.Second, 200 * time.Millisecond},
		{"slow", func(c *clock) { c.drift(-500_000) }, 10 * time.Second, -5 * time.Second},
		{"fast for a year", func(c *clock) { c.drift(100) }, 365 * 24 * time.Hour, 365 * 24 * time.Hour / 10_000},
		{"a drift that changes", func(c *clock) {
			c.drift(100_000)
			time.Sleep(10 * time.Second)
			c.drift(-100_000)
		}, 5 * time.Second, time.Second - 500*time.Millisecond},
		{"there", func(c *clock) { c.flicker(time.Second, 100*time.Millisecond) }, 50 * time.Millisecond, time.Second},
		{"and back", func(c *clock) { c.flicker(time.Second, 100*time.Millisecond) }, 150 * time.Millisecond, 0},
		{"and there again", func(c *clock) { c.flicker(time.Second, 100*time.Millisecond) }, 250 * time.Millisecond, time.Second},
		{"all at once", func(c *clock) {
			c.jump(time.Second)
			c.drift(100_000)
			c.flicker(5*time.Second, time.Second)
		}, 10 * time.Second, 7 * time.Second},
		{"corrected", func(c *clock) {
			c.jump(time.Second)
			c.drift(100_000)
			c.flicker(5*time.Second, time.Second)
			time.Sleep(time.Minute)
			c.correct()
		}, time.Minute, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClock()
				test.do(c)
				time.Sleep(test.after)
				if got := time.Until(c.now()); got != test.want {
					t.Errorf("off by %v, want %v", got, test.want)
				}
			})
		})
	}
}
