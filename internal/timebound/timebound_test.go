package timebound

import (
	"testing"
	"time"
)

// forever takes steps as long as the clock lets it.
func forever(c *Clock) bool {
	return c.Within(func() {
		for {
			c.Spend(1)
		}
	})
}

// An algorithm without an end is ended by the deadline, and by whoever is done with it. Then nothing else is begun.
func TestEnds(t *testing.T) {
	if forever(New(time.Millisecond)) {
		t.Error("it came to its end")
	}
	done := make(chan struct{})
	time.AfterFunc(time.Millisecond, func() { close(done) })
	c := New(time.Hour).Until(done)
	if forever(c) {
		t.Error("it came to its end")
	}
	if c.Another(time.Hour).Within(func() { t.Error("it is begun") }) {
		t.Error("it came to its end")
	}
	if !New(time.Hour).Until(nil).Within(func() {}) {
		t.Error("it is done, and nobody said so")
	}
}

// An algorithm's own panic stays one.
func TestPanics(t *testing.T) {
	defer func() {
		if r := recover(); r != "a defect" {
			t.Errorf("recovered %v", r)
		}
	}()
	New(time.Hour).Within(func() { panic("a defect") })
}
