// Package ntp corrects the clock of a machine by that of another, as the Network Time Protocol does (Mills 1991; RFC 5905; Kleppmann, Distributed
// Systems, lecture 3).
//
// It guarantees that an estimate of the offset is off by half of the round trip at most, as the answer may have been under way for all of it or for
// no time. Nothing is guaranteed of the clock in between: it drifts, and its machine may set it. The corrected clock follows the clock of the
// machine: where a difference is small it is slewed, and so keeps going forwards; otherwise it is stepped, and may go back.
package ntp

import (
	"sync"
	"time"
)

// What becomes of an estimate, as in ntpd.
const (
	StepFrom  = 125 * time.Millisecond // less is slewed
	PanicFrom = 1000 * time.Second     // so much is taken for an error of the other
	SlewPPM   = 500                    // how fast: microseconds in a second
)

// Exchange is the four instants of a question and its answer.
type Exchange struct {
	Asked, Answered time.Duration // by the clock of who asked
	Heard, Replied  time.Duration // by the clock of who was asked
}

// Delay is how long both messages took together. Offset is off by half of it at most.
func (e Exchange) Delay() time.Duration { return (e.Answered - e.Asked) - (e.Replied - e.Heard) }

// Offset is by how much the clock of who asked is behind, if both messages took the same time.
func (e Exchange) Offset() time.Duration { return ((e.Heard - e.Asked) + (e.Replied - e.Answered)) / 2 }

// Clock is a clock with its corrections. It may be used concurrently.
type Clock struct {
	raw func() time.Duration

	mu     sync.Mutex
	added  time.Duration // at since
	since  time.Duration // by the raw clock
	slewed time.Duration // what is left to slew, at since
}

// NewClock returns a clock without corrections.
func NewClock(raw func() time.Duration) *Clock { return &Clock{raw: raw} }

// Now is what the clock shows.
func (c *Clock) Now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Duration {
	raw := c.raw()
	part := min(max(raw-c.since, 0)*SlewPPM/1e6, c.slewed.Abs())
	if c.slewed < 0 {
		part = -part
	}
	c.added, c.slewed, c.since = c.added+part, c.slewed-part, raw
	return raw + c.added
}

// Correct slews or steps the clock by what it is behind. It returns false if that is so much that it does neither.
func (c *Clock) Correct(offset time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now()
	switch {
	case offset.Abs() >= PanicFrom:
		return false
	case offset.Abs() >= StepFrom:
		c.added, c.slewed = c.added+offset, 0
	default:
		c.slewed = offset
	}
	return true
}
