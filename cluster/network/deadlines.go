package network

import "time"

// deadlines has those return from waiting whose deadline comes first, by one timer for the whole network. Nearly all that is waited for comes long before:
// a timer of each waiter that is set to its deadline, and then, at each message, to something earlier, is dear.
type deadlines struct {
	timer   *time.Timer
	at      time.Duration // when it fires, if there is one; no deadline is earlier
	waiting []*waiter
}

// waitBy is wait that returns at the deadline too.
func (w *waiter) waitBy(n *Network, deadline, at time.Duration) {
	if deadline == never {
		w.wait(n, at)
		return
	}
	w.deadline = deadline
	n.deadlines.add(n, w)
	w.wait(n, at)
	n.deadlines.remove(w)
}

func (d *deadlines) add(n *Network, w *waiter) {
	w.place = len(d.waiting)
	d.waiting = append(d.waiting, w)
	if d.timer == nil {
		d.timer, d.at = time.AfterFunc(never, n.expire), never
	}
	d.set(n, w.deadline)
}

// remove puts the last one in the place of w.
func (d *deadlines) remove(w *waiter) {
	k := len(d.waiting) - 1
	last := d.waiting[k]
	d.waiting[w.place], last.place = last, w.place
	d.waiting[k], d.waiting = nil, d.waiting[:k]
}

// set has the timer fire no later than at.
func (d *deadlines) set(n *Network, at time.Duration) {
	if at < d.at {
		d.at = at
		d.timer.Reset(max(0, at-n.now()))
	}
}

// expire wakes those whose deadline has come, and sets the timer to the next one.
func (n *Network) expire() {
	n.lock()
	defer n.mu.Unlock()
	next := never
	for _, w := range n.deadlines.waiting {
		if w.deadline <= n.now() {
			w.wakeBy(n, n.now())
		} else {
			next = min(next, w.deadline)
		}
	}
	n.deadlines.at = never
	n.deadlines.set(n, next)
}
