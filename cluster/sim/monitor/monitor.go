// Package monitor guards what the goroutines of a process share (Hoare 1974, Monitors): one at a time looks at it or changes it, and
// the others wait until something holds.
//
// It keeps what package sim asks of a program. Whoever waits goes on when the process dies. Nobody waits for a disk or a network with
// the lock: a change that has to be synced is made by whoever owns the disk, who lets go of the lock meanwhile.
package monitor

import (
	"sync"

	"faultline/cluster/sim"
)

// Monitor is a lock, and what waits for changes.
type Monitor struct {
	process *sim.Process
	mu      sync.Mutex
	changed *sync.Cond // of mu
	owned   bool
	beats   uint64
}

// New returns the monitor of a process.
func New(p *sim.Process) *Monitor {
	m := &Monitor{process: p}
	m.changed = sync.NewCond(&m.mu)
	p.Go(func() {
		<-p.Done()
		m.Lock()
		defer m.Unlock()
		m.Changed()
	})
	return m
}

// Lock begins a look at what is guarded, or a change. It must not wait for anything in the world before Unlock, but by the methods of
// the monitor.
func (m *Monitor) Lock() { m.mu.Lock() }

// Unlock ends it.
func (m *Monitor) Unlock() { m.mu.Unlock() }

// Changed has everybody who waits look again. The caller has the lock.
func (m *Monitor) Changed() { m.changed.Broadcast() }

// Beat has everybody who waits look again because time has passed, and Beats is how often it has. The caller has the lock.
func (m *Monitor) Beat() {
	m.beats++
	m.Changed()
}

// Beats counts the calls of Beat.
func (m *Monitor) Beats() uint64 { return m.beats }

// Await waits until something holds, or the process has died. The caller has the lock, and so has whoever is asked.
func (m *Monitor) Await(holds func() bool) {
	for !holds() && !m.process.Dead() {
		m.changed.Wait()
	}
}

// Own waits until nobody owns the disk, and then owns it until Disown. Whatever is on the disk changes only meanwhile, so that what the
// owner found there stays true while it lets go of the lock. The caller has the lock.
func (m *Monitor) Own() {
	m.Await(func() bool { return !m.owned })
	m.owned = true
}

// Disown lets the next one own the disk.
func (m *Monitor) Disown() {
	m.owned = false
	m.Changed()
}

// Sync puts something on the disk, without the lock, and reports whether it is there. If that fails nobody knows what is on the disk, and
// the process dies. The caller owns the disk.
func (m *Monitor) Sync(put func() error) bool {
	var err error
	m.Outside(func() {
		if err = put(); err != nil {
			m.process.Die(err.Error())
		}
	})
	return err == nil
}

// Outside does what may wait, without the lock, which the caller has before and after it.
func (m *Monitor) Outside(wait func()) {
	m.Unlock()
	defer m.Lock()
	wait()
}
