package sim

import "sync"

// gate holds the timers of a process while it is stopped. Its disk and its network have doors of their own.
//
// Go's own timers, which hashicorp/raft uses, do not pass it: they expire in a stopped process, and only what comes of
// them waits at the doors of disk and network. This is the seam for stopping them too: whoever can hold any goroutine and any
// timer of a process holds them in stop, and lets them go in resume and shut.
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

// shut opens the gate of a process that has died. What was held is dropped, and so is what comes later. Once is called the
// first time.
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

// whenAwake calls do now, or when the process resumes, or never if it dies before that. It is called with mu held.
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
