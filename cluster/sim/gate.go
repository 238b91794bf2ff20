package sim

import "sync"

// Goroutines are those of a process, where somebody can hold all of them, whatever they do and wait for.
type Goroutines interface {
	Hold()    // from now on none runs
	Release() // undoes Hold
	End()     // none ever runs again
}

// Holds has the goroutines stop and go on as the process does, and end at the instant when it dies. It must be called
// while the process boots.
func (p *Process) Holds(g Goroutines) { p.gate.goroutines = g }

// gate holds the timers of a process while it is stopped, and its goroutines where that can be. Its disk and its network
// have doors of their own.
//
// Go's own timers, which hashicorp/raft uses, do not pass it: they expire in a stopped process. Unless its goroutines are
// held, what comes of them waits at the doors of disk and network.
type gate struct {
	goroutines Goroutines // nil if they cannot be held

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
		if g.goroutines != nil {
			g.goroutines.Hold()
		}
	}
}

// resume undoes stop.
func (g *gate) resume() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, do := range g.held {
		do()
	}
	if g.goroutines != nil && !g.dead {
		g.goroutines.Release()
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
	if g.goroutines != nil {
		g.goroutines.End()
	}
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
