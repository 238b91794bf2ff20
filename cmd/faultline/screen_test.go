package main

import (
	"bytes"
	"testing"
	"time"

	"faultline/campaign"
)

// On a terminal there is one line that says how far a campaign is, and it makes room for other output.
func TestProgressLine(t *testing.T) {
	var out bytes.Buffer
	s := &screen{w: &out, width: 80}
	p := campaign.Progress{Done: 30, Count: 100, Fresh: 10, Elapsed: 20 * time.Second}
	s.progress(p)
	s.clear()
	s.clear()
	if got, want := out.String(), "\r30 of 100 runs  0.5 runs/s  2m20s left\x1b[K\r\x1b[K"; got != want {
		t.Errorf("got %q, not %q", got, want)
	}
	out.Reset()
	s.width = 20
	s.progress(p)
	if got, want := out.String(), "\r30 of 100 runs  0.5\x1b[K"; got != want {
		t.Errorf("in a narrow terminal: %q, not %q", got, want)
	}
}

// What is no terminal gets no control characters.
func TestNoProgressLineInAFile(t *testing.T) {
	var out bytes.Buffer
	s := newScreen(&out)
	s.progress(campaign.Progress{Done: 1, Count: 2})
	s.clear()
	if out.Len() > 0 {
		t.Errorf("got %q", out.String())
	}
}
