package guest

import (
	"time"

	"faultline/cluster/scheduler"
)

// told is what a guest was last told of its machine.
type told struct {
	wall time.Duration // by how much its wall clock is off
	full bool          // its disk has no room
}

// tell tells the guest what has changed about its machine.
func (g *Process) tell() {
	if off := time.Until(g.machine.Now()); off != g.told.wall {
		g.told.wall = off
		g.push('w', 0, uint64(off), nil)
	}
	if full := g.machine.Volume().Full(); full != g.told.full {
		g.told.full = full
		n := uint64(0)
		if full {
			n = 1
		}
		g.push('f', 0, n, nil)
	}
}

// delay tells the guest how its goroutines are delayed.
func (g *Process) delay(kind byte, j scheduler.Jitter) {
	if j.One > 0 {
		g.push(kind, j.One, uint64(max(j.Most, time.Microsecond)), nil)
	}
}
