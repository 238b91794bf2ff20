package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"faultline/campaign"
)

// screen shows how far a campaign is, on one line of a terminal. Where there is no terminal it shows
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
	text := fmt.Sprintf("%d of %d runs  %.1f runs/s  %v left", p.Done, p.Count, rate, p.Left().Round(time.Second))
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
