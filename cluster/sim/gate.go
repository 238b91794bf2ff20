package sim

import "sync"

// gate is where the timers of a process wait while it is stopped, as its disk and its network do at doors of their own.
//
// It is the seam for what uses Go's own timers, as hashicorp/raft does: those expire in a stopped process, and
// what comes of it waits only at the doors of disk and network. Whoever can hold goroutines and timers of any library holds
// them from stop to resume, and lets go of them in shut.
type gate struct {
	mu   sync.Mutex
	door chan struct{} // closed when the process goes on or has died; nil while it runs
	held []func()      // what was due meanwhile, in order
	dead bool
}

// stop holds what comes from now on.
func (g *gate) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.door == nil && !g.dead {
		g.door = make(chan struct{})
	}
}

// resume undoes stop.
func (g *gate) resume() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, do := range g.held {
		do()
	}
	g.open()
}

// shut is for a process that has died: nothing waits, and nothing is done any more. It is told once.
func (g *gate) shut(once func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.dead {
		return
	}
	g.dead = true
	g.open()
	once()
}

func (g *gate) open() {
	g.held = nil
	if g.door != nil {
		close(g.door)
		g.door = nil
	}
}

// pass waits while the process is stopped, and reports whether it still lives then.
func (g *gate) pass() bool {
	for {
		g.mu.Lock()
		door, dead := g.door, g.dead
		g.mu.Unlock()
		if door == nil {
			return !dead
		}
		<-door
	}
}

// whenAwake does what must not wait: now, when the process resumes, or never if it dies before.
func (g *gate) whenAwake(do func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.dead:
	case g.door != nil:
		g.held = append(g.held, do)
	default:
		do()
	}
}
