package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"faultline/campaign"
	"faultline/campaign/shrink"
	"faultline/internal/wording"
	"faultline/recorded"
)

// screen shows how far the work is, on one line of a terminal. Where there is no terminal it shows
// nothing.
type screen struct {
	w     io.Writer
	width int // 0 if there is no terminal
	shown bool
}

func newScreen(w io.Writer) *screen {
	s := &screen{w: w}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		s.width = 80
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			s.width = width
		}
	}
	return s
}

func (s *screen) progress(p campaign.Progress) {
	if s.width == 0 {
		return
	}
	rate := float64(p.Fresh) / p.Elapsed.Seconds()
	s.show(fmt.Sprintf("%d of %d runs  %.1f runs/s  %v left", p.Done, p.Count, rate, p.Left().Round(time.Second)))
}

// reading shows how far a file is.
func (s *screen) reading(p recorded.Progress) {
	if s.width == 0 {
		return
	}
	text := fmt.Sprintf("%s: %.1f million events  %.1f million/s", filepath.Base(p.File),
		float64(p.Events)/1e6, float64(p.Events)/1e6/p.Elapsed.Seconds())
	if p.Size > 0 && p.Bytes > 0 {
		left := time.Duration(float64(p.Elapsed) * float64(p.Size-p.Bytes) / float64(p.Bytes))
		text += fmt.Sprintf("  %d %%  %v left", 100*p.Bytes/p.Size, left.Round(time.Second))
	}
	s.show(text)
}

// shrinking shows what is tried, and the smallest run so far.
func (s *screen) shrinking(p shrink.Progress) {
	if s.width == 0 {
		return
	}
	s.show(fmt.Sprintf("%s  %s  best: %s, %s, %s", p.Step, wording.Count(p.Worlds, "world"), wording.Count(p.Best.Events, "event"),
		wording.Count(p.Best.Clients, "client"), wording.Count(p.Best.Operations, "operation")))
}

func (s *screen) show(text string) {
	fmt.Fprintf(s.w, "\r%.*s\x1b[K", s.width-1, text)
	s.shown = true
}

// clear makes room for other output.
func (s *screen) clear() {
	if s.shown {
		fmt.Fprint(s.w, "\r\x1b[K")
		s.shown = false
	}
}

// text shows any line.
func (s *screen) text(line string) {
	if s.width > 0 {
		s.show(line)
	}
}
