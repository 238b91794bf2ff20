package world

import (
	"strings"
	"sync"
	"time"

	"faultline/history"
)

// recorder collects the history in memory. Its lock makes the order of events their order in time.
type recorder struct {
	start    time.Time
	progress func(time.Duration) // told about once a second how far the test is

	mu        sync.Mutex
	events    []history.Event
	processes int
	told      time.Duration
}

// add records an event that happens now. Nemesis events carry their time already; it is the same. An error is text that can be written,
// whatever a store says.
func (r *recorder) add(e history.Event) {
	e.Error = strings.ToValidUTF8(e.Error, "\ufffd")
	r.mu.Lock()
	defer r.mu.Unlock()
	e.Time = time.Since(r.start)
	r.events = append(r.events, e)
	r.tell(e.Time)
}

// alive says that the test goes on, though nothing happens that is recorded.
func (r *recorder) alive() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tell(time.Since(r.start))
}

func (r *recorder) tell(now time.Duration) {
	if now >= r.told {
		r.told = now + time.Second
		r.progress(now)
	}
}

// process returns a number that no process has had.
func (r *recorder) process() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.processes++
	return r.processes - 1
}
