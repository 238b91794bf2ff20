package guest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"faultline/cluster/sim"
)

// refusals are what a guest wanted to do and cannot do in a world, and how it ended.
type refusals struct {
	machine *sim.Process

	mu     sync.Mutex
	all    []Refusal
	reason string // why the process has ended by itself
}

// Refusal is something that a program wanted to do and cannot do in a world.
type Refusal struct {
	What string // as in "make a pipe"
	At   time.Time
}

// note notes what the guest cannot do. It is told so, and may have another way.
func (r *refusals) note(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, known := range r.all {
		if known.What == what {
			return
		}
	}
	fmt.Fprintf(r.machine.Log(), "[ERROR] process: cannot %s in a closed world\n", what)
	r.all = append(r.all, Refusal{what, time.Now()})
}

// end notes why the process ends by itself.
func (r *refusals) end(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reason = reason
}

// soon is how shortly after something that a process cannot do it ends, if it ends because of that.
const soon = time.Second

// blame says what the guest may have ended of: what it could not do shortly before.
func (r *refusals) blame() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k := len(r.all) - 1; k >= 0 && time.Since(r.all[k].At) < soon {
		return fmt.Sprintf("; it cannot %s in a closed world", r.all[k].What)
	}
	return ""
}

// Refusals are what the program wanted to do and cannot do in a world, each once and in order of time. A program that neither ends nor
// fails to serve has another way.
func (r *refusals) Refusals() []Refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

// Reason is why the process has ended by itself; empty if it has not.
func (r *refusals) Reason() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reason
}
