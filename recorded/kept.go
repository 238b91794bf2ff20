package recorded

import (
	"time"

	"faultline/checker/catalog"
	"faultline/history"
)

// kept is a history that is kept to be drawn, or nil for one that is not.
type kept history.History

func (h *kept) add(e *history.Event) {
	if h != nil {
		h.Events = append(h.Events, *e)
	}
}

// finished is the history as a tape, as a file of ours has it: with the entry's names of functions, and with times that do not run backwards. Without times
// an event has its position as so many milliseconds.
func (h *kept) finished(e *catalog.Entry, timed bool) (*history.Tape, error) {
	if h == nil {
		return nil, nil
	}
	var now time.Duration
	for i := range h.Events {
		event := &h.Events[i]
		if now = max(now, event.Time); !timed {
			now = time.Duration(i) * time.Millisecond
		}
		event.Time = now
		if event.Process != history.Nemesis {
			event.F = e.Function(event.F)
		}
	}
	return (*history.History)(h).Tape()
}
