package ntp

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTheErrorIsBounded: whatever the offset and however long each message takes, the estimate is off by half of the delay at most.
func TestTheErrorIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offset := time.Duration(rapid.Int64Range(-1e12, 1e12).Draw(t, "offset"))
		span := rapid.Int64Range(0, 1e9)
		there, work, back := time.Duration(span.Draw(t, "there")), time.Duration(span.Draw(t, "work")), time.Duration(span.Draw(t, "back"))
		e := Exchange{Asked: 0, Heard: there + offset, Replied: there + work + offset, Answered: there + work + back}
		if off := (e.Offset() - offset).Abs(); off > e.Delay()/2+1 || e.Delay() != there+back {
			t.Fatalf("%v, which is off by %v, with a delay of %v", e.Offset(), off, e.Delay())
		}
	})
}

// TestCorrections: what is small is slewed and the clock goes forwards, what is large is stepped, and what cannot be is refused.
func TestCorrections(t *testing.T) {
	raw := time.Duration(0)
	c := NewClock(func() time.Duration { return raw })
	c.Correct(-100 * time.Millisecond)
	last := c.Now()
	for range 400 {
		raw += time.Second
		if now := c.Now(); now <= last {
			t.Fatalf("it went from %v to %v", last, now)
		} else {
			last = now
		}
	}
	if off := c.Now() - raw; off != -100*time.Millisecond {
		t.Errorf("slewed, it differs by %v", off)
	}
	if c.Correct(10 * time.Second); c.Now()-raw != 9900*time.Millisecond {
		t.Errorf("stepped, it differs by %v", c.Now()-raw)
	}
	if c.Correct(time.Hour) || c.Now()-raw != 9900*time.Millisecond {
		t.Errorf("it followed a clock that is an hour ahead: it differs by %v", c.Now()-raw)
	}
}
