package sim

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"faultline/cluster/report"
	"faultline/cluster/scheduler"
)

// Replica is a Program that has a log, or something like it.
type Replica interface {
	Program
	// Progress returns how far the program is. Time, Node and Event are filled in by the machine. It must not wait.
	Progress() report.Progress
}

// sampleEach is the time between samples.
const sampleEach = 200 * time.Millisecond

// progress is the record of how far each node was.
//
// Whoever writes to the network first when a sample is due takes it. A goroutine that slept until then would be one
// more timer and one more turn of the scheduler, each of which draws from the runtime's generators: it would change what
// it looks at. While nobody writes anything no node gets any further.
type progress struct {
	due atomic.Int64 // when the next sample is, on the clock of the test

	mu      sync.Mutex
	samples []report.Progress
}

// sample records how far the running nodes are, if a sample is due.
func (c *Cluster) sample() {
	now, due := time.Since(c.start), c.progress.due.Load()
	if int64(now) < due {
		return
	}
	if next := now.Truncate(sampleEach) + sampleEach; !c.progress.due.CompareAndSwap(due, int64(next)) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.machines {
		if m.live != nil && !(m.paused && c.holds()) { // a held process gets no further, and is not asked
			c.note(m.live, now, "")
		}
	}
}

// Happened records how far the program is at an event, such as report.SnapshotTaken. Nothing is recorded of a dead process, or
// of one that has not finished booting.
func (p *Process) Happened(event string) {
	defer scheduler.Enter().Leave()
	c := p.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.machine.live == p {
		c.note(p, time.Since(c.start), event)
	}
}

// note records how far a program is, if it is a Replica. The caller holds mu.
func (c *Cluster) note(p *Process, now time.Duration, event string) {
	if r, ok := p.program.(Replica); ok {
		sample := r.Progress()
		sample.Time, sample.Node, sample.Event = now, p.machine.name, event
		c.progress.add(sample)
	}
}

func (p *progress) add(sample report.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.samples = append(p.samples, sample)
}

func (p *progress) all() []report.Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.samples)
}
