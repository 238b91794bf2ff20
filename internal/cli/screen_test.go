package cli

import (
	"bytes"
	"testing"
	"time"

	"faultline/campaign/trial"
)

var someProgress = trial.Progress{Done: 30, Count: 100, Fresh: 10, Elapsed: 20 * time.Second}

// On a terminal there is one line that says how far a campaign is, and it makes room for other output.
func TestProgressLine(t *testing.T) {
	var out bytes.Buffer
	s := &screen{w: &out, width: 80}
	s.progress(someProgress)
	s.clear()
	s.clear()
	if got, want := out.String(), "\r30 of 100 runs  0.5 runs/s  2m20s left\x1b[K\r\x1b[K"; got != want {
		t.Errorf("got %q, not %q", got, want)
	}
	out.Reset()
	s.width = 20
	s.progress(someProgress)
	if got, want := out.String(), "\r30 of 100 runs  0.5\x1b[K"; got != want {
		t.Errorf("in a narrow terminal: %q, not %q", got, want)
	}
}

// What is no terminal gets no control characters, and a line every ten seconds.
func TestProgressInAFile(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	s := newScreen(&out)
	s.now, s.last = func() time.Time { return now }, now
	for range 25 {
		s.progress(someProgress)
		s.clear()
		now = now.Add(time.Second)
	}
	if got, want := out.String(), "30 of 100 runs  0.5 runs/s  2m20s left\n30 of 100 runs  0.5 runs/s  2m20s left\n"; got != want {
		t.Errorf("got %q, not %q", got, want)
	}
}

// Each tool tells what it knows.
func TestWhatProgressSays(t *testing.T) {
	for want, p := range map[string]trial.Progress{
		"8 of 10 runs  2.0 runs/s  1s left  3 invalid":                             {Done: 8, Count: 10, Fresh: 8, Invalid: 3, Elapsed: 4 * time.Second},
		"bug 2 of 24: late-cas  0 runs":                                            {What: "bug 2 of 24: late-cas"},
		"fewer events  1 run  0.5 runs/s  best: 2 events, 1 client, 12 operations": {What: "fewer events", Done: 1, Fresh: 1, Invalid: 1, Best: "2 events, 1 client, 12 operations", Elapsed: 2 * time.Second},
	} {
		var out bytes.Buffer
		(&screen{w: &out, now: time.Now}).progress(p)
		if got := out.String(); got != want+"\n" {
			t.Errorf("got %q, not %q", got, want)
		}
	}
}
