package txnkv

import (
	"time"

	"faultline/cluster/sim"
)

// clock is a node's, with a bound on how wrong it can be, as Spanner's TrueTime (Corbett et al. 2012). The machine's clock is off by some
// constant that is within the bound, as one is that a time service sets now and then. A fault of the clock adds to that.
type clock struct {
	now   func() time.Time
	error time.Duration // how far it is off by itself
	bound time.Duration
}

func newClock(p *sim.Process, bound time.Duration) clock {
	off := time.Duration(0)
	if bound > 0 {
		off = time.Duration(p.Rand("clock").Int64N(int64(2*bound))) - bound
	}
	return clock{p.Now, off, bound}
}

// latest is a time that has certainly not passed yet, while the clock keeps its bound.
func (c clock) latest() stamp { return stamp(c.now().Add(c.error + c.bound).UnixNano()) }

// until is how long it takes until a time has certainly passed, by this clock; 0 or less if it has.
func (c clock) until(s stamp) time.Duration {
	earliest := c.now().Add(c.error - c.bound)
	return time.Duration(int64(s) - earliest.UnixNano() + 1)
}
