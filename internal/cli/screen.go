package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/internal/wording"
	"faultline/recorded"
)

// screen shows how far the work is: on a terminal on one line that is written again and again, elsewhere on a line of
// its own every ten seconds.
type screen struct {
	w     io.Writer
	width int  // 0 if there is no terminal
	shown bool // the line of the terminal is in use

	now  func() time.Time
	last time.Time // when the last line was written where there is no terminal
}

// plainEvery is the time between lines where there is no terminal.
const plainEvery = 10 * time.Second

func newScreen(w io.Writer) *screen {
	s := &screen{w: w, now: time.Now, last: time.Now()}
	if o, ok := w.(*output); ok && isTerminal(o.w) {
		s.width = 80
		if width, _, err := term.GetSize(int(o.w.(*os.File).Fd())); err == nil && width > 0 {
			s.width = width
		}
	}
	return s
}

// progress shows how far a tool is with its trials.
func (s *screen) progress(p trial.Progress) {
	var parts []string
	if p.What != "" {
		parts = append(parts, p.What)
	}
	if p.Count > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d runs", p.Done, p.Count))
	} else {
		parts = append(parts, wording.Count(p.Done, "run"))
	}
	if p.Elapsed > 0 {
		parts = append(parts, fmt.Sprintf("%.1f runs/s", float64(p.Fresh)/p.Elapsed.Seconds()))
	}
	if p.Count > 0 {
		parts = append(parts, fmt.Sprintf("%v left", p.Left().Round(time.Second)))
	}
	found := ""
	switch {
	case p.Best != "":
		parts = append(parts, "best: "+p.Best)
	case p.Invalid > 0:
		found = fmt.Sprintf("%d invalid", p.Invalid)
		parts = append(parts, found)
	}
	s.show(strings.Join(parts, "  "), found)
}

// reading shows how far a file is.
func (s *screen) reading(p recorded.Progress) {
	text := fmt.Sprintf("%s: %.1f million events  %.1f million/s", filepath.Base(p.File),
		float64(p.Events)/1e6, float64(p.Events)/1e6/p.Elapsed.Seconds())
	if p.Size > 0 && p.Bytes > 0 {
		left := time.Duration(float64(p.Elapsed) * float64(p.Size-p.Bytes) / float64(p.Bytes))
		text += fmt.Sprintf("  %d %%  %v left", 100*p.Bytes/p.Size, left.Round(time.Second))
	}
	s.show(text, "")
}

// show shows a text, which may end in what was found to be invalid.
func (s *screen) show(text, found string) {
	if s.width > 0 {
		text = fmt.Sprintf("%.*s", s.width-1, text)
		if before, whole := strings.CutSuffix(text, found); whole && found != "" {
			text = before + painted(s.w, checker.Invalid, found)
		}
		fmt.Fprintf(s.w, "\r%s\x1b[K", text)
		s.shown = true
	} else if now := s.now(); now.Sub(s.last) >= plainEvery {
		fmt.Fprintln(s.w, text)
		s.last = now
	}
}

// clear makes room for other output.
func (s *screen) clear() {
	if s.shown {
		fmt.Fprint(s.w, "\r\x1b[K")
		s.shown = false
	}
}
