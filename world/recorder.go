package world

import (
	"strings"
	"sync"
	"time"

	"faultline/history"
)

// recorder records the history. Its lock makes the order of events their order in time.
type recorder struct {
	start    time.Time
	listener listener

	mu        sync.Mutex
	processes int
	told      time.Duration
	event     history.Event // the last one
}

// add records an event that happens now. Nemesis events carry their time already; it is the same. An error is text that can be written,
// whatever a store says.
func (r *recorder) add(e history.Event) {
	e.Error = strings.ToValidUTF8(e.Error, "\ufffd")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.event = e
	r.event.Time = time.Since(r.start)
	r.listener.record(&r.event)
	r.tell(r.event.Time)
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
		r.listener.progress(now)
	}
}

// process returns a number that no process has had.
func (r *recorder) process() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.processes++
	return r.processes - 1
}
