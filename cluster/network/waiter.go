package network

import (
	"math"
	"time"
)

// never is an instant that does not come.
const never = time.Duration(math.MaxInt64)

// waiter lets one goroutine wait for an instant that others may bring forward. It is a timer and no
// more: a message costs one wake-up, at its delivery, and none when it is sent. Where a poller waits in
// place of a goroutine, the timer is the poller's, see interest.
type waiter struct {
	timer   *time.Timer
	pending bool          // the timer is set, and has not fired
	at      time.Duration // when the timer fires
	waiting bool
	polled  *interest

	deadline time.Duration // in waitBy
	place    int           // in deadlines.waiting
}

// wait returns at the instant given, or at an earlier one given to wakeBy meanwhile. The caller holds
// n.mu, which is released while it waits.
func (w *waiter) wait(n *Network, at time.Duration) {
	w.waiting, w.at = true, at
	if w.timer == nil {
		w.timer, w.pending = time.NewTimer(never), true
	}
	w.set(n)
	n.mu.Unlock()
	<-w.timer.C
	n.lock()
	w.waiting, w.pending = false, false
}

// wakeBy makes wait return no later than at. The caller holds n.mu.
func (w *waiter) wakeBy(n *Network, at time.Duration) {
	if w.waiting && at < w.at {
		w.at = at
		w.set(n)
	}
}

func (w *waiter) set(n *Network) {
	switch {
	case w.polled != nil:
		w.polled.moved()
	case w.at != never:
		w.timer.Reset(max(0, w.at-n.now()))
		w.pending = true
	case w.pending:
		w.timer.Stop()
		w.pending = false
	}
}
