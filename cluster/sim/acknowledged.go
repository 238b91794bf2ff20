package sim

import (
	"sync"

	"faultline/cluster/scheduler"
)

// acknowledged is what clients were told of, to count how much of it was lost.
type acknowledged struct {
	mu     sync.Mutex
	writes map[string]bool // nil until there is one
	lost   int64
}

// Acknowledge notes that a client is told that a write was done, by a name that no other has.
func (p *Process) Acknowledge(write string) {
	defer scheduler.Enter().Leave()
	a := &p.cluster.acks
	if p.Dead() {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.writes == nil {
		a.writes = map[string]bool{}
	}
	a.writes[write] = true
}

// Discard notes that a process gives up a write, as the cluster goes on without it. Each that was acknowledged is counted once.
func (p *Process) Discard(write string) {
	defer scheduler.Enter().Leave()
	a := &p.cluster.acks
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.writes[write] && !p.Dead() {
		delete(a.writes, write)
		a.lost++
	}
}

// count returns how many writes were lost that had been acknowledged; false if nobody says what he acknowledges.
func (a *acknowledged) count() (lost int64, known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.lost, a.writes != nil
}
