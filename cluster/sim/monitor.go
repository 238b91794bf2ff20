package sim

import "sync"

// Monitor guards the state of a process: a mutex, and a condition for all who wait until something holds of the state. Waiting ends when
// the process dies, provided that somebody calls Changed then, as a loop on Process.Sleep does behind its end.
type Monitor struct {
	sync.Mutex
	process *Process
	changed *sync.Cond
	owned   bool
}

// NewMonitor returns one that nobody has locked.
func NewMonitor(p *Process) *Monitor {
	m := &Monitor{process: p}
	m.changed = sync.NewCond(&m.Mutex)
	return m
}

// Changed says that the state has changed, or that time has passed.
func (m *Monitor) Changed() { m.changed.Broadcast() }

// Await waits until something holds, or the process is dead. The caller has locked the monitor, and so it is when holds is asked.
func (m *Monitor) Await(holds func() bool) {
	for !holds() && !m.process.Dead() {
		m.changed.Wait()
	}
}

// Own waits until nobody owns the disk, and then owns it until Disown. Whoever changes what is on the disk does so meanwhile, and may
// unlock the monitor while it waits for a sync. The caller has locked the monitor.
func (m *Monitor) Own() {
	m.Await(func() bool { return !m.owned })
	m.owned = true
}

// Disown ends what Own began.
func (m *Monitor) Disown() {
	m.owned = false
	m.Changed()
}
