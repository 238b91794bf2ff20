package network

import (
	"syscall"
	"time"

	"faultline/cluster/scheduler"
)

// SetKeepAlive has this end notice that the other machine does not answer, as SO_KEEPALIVE does: when nothing was heard for
// the idle time it probes, again after each interval, and when so many probes were not answered reads and writes fail with
// ETIMEDOUT. A machine that is up again and knows no such connection answers with a reset. Zeros turn it off,
// and that is how a connection begins; package net turns it on, with 15 s, 15 s and 9.
func (c *Conn) SetKeepAlive(idle, interval time.Duration, count int) {
	defer scheduler.Enter().Leave()
	if idle <= 0 || interval <= 0 || count <= 0 {
		idle, interval, count = 0, 0, 0
	}
	c.configure(func(l *liveness) { l.idle, l.interval, l.count = idle, interval, count })
}

// SetUserTimeout is TCP_USER_TIMEOUT: how long what is written may stay without an answer before this end fails with
// ETIMEDOUT. It also takes the place of the count of probes. 0 stands for Config.UserTimeout, and the count.
//
// An end for which this or SetKeepAlive was called fails at the very instant. For others it comes out when the link is mended.
func (c *Conn) SetUserTimeout(d time.Duration) {
	defer scheduler.Enter().Leave()
	c.configure(func(l *liveness) {
		l.timeout, c.out.patience = d, d
		if d == 0 {
			c.out.patience = c.host.net.config.UserTimeout
		}
	})
}

func (c *Conn) configure(change func(*liveness)) {
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	if c.alive == nil {
		c.alive = &liveness{conn: c, heard: n.now()}
	}
	c.alive.calm()
	change(c.alive)
	c.attend()
}

// liveness watches for silence at one end of a connection. As long as the links are whole and the other end is there,
// each probe would be answered, and none is sent: it costs nothing. A timer runs from the moment at which answers
// stop. Two things are simpler than in TCP: a link that loses a share of what it carries loses no probes, and when a
// link is mended the probes that were lost are forgotten.
type liveness struct {
	conn           *Conn
	idle, interval time.Duration
	count          int           // 0 for no probes
	timeout        time.Duration // 0 if it is that of the network

	heard  time.Duration // when the other end last gave a sign of life, as of when answers stopped
	spoke  time.Duration // the first words since that have no answer; never if there are none
	probe  time.Duration // when the next one is due
	probes int           // how many have had no answer
	timer  *time.Timer   // nil while all is well
}

// silent reports whether no answer comes from the other end.
func (c *Conn) silent() bool { return c.out.link.cut || c.in.link.cut || c.peerGone }

// attend is called when answers may have stopped, or come again.
func (c *Conn) attend() {
	l := c.alive
	if l == nil {
		return
	}
	if c.closed || !c.silent() || c.in.failure() != never {
		l.calm()
		return
	}
	if l.timer == nil {
		l.alarm()
	}
	if l.spoke != never && c.refuses() { // the words meet a machine that knows nothing of the connection
		c.reset()
		l.calm()
		return
	}
	l.schedule()
}

// attend has both ends of whatever runs over a link look after each other.
func (n *Network) attend(l *link) {
	for _, name := range []string{l.from, l.to} {
		if h := n.current[name]; h != nil {
			for _, c := range h.conns {
				if c.out.link == l || c.in.link == l {
					c.attend()
				}
			}
		}
	}
}

// refuses reports whether the other machine would answer, and with a reset.
func (c *Conn) refuses() bool {
	peer := c.host.net.current[c.out.link.to]
	return c.peerGone && peer != nil && peer.state != noPower && !c.out.link.cut && !c.in.link.cut
}

// calm forgets a silence.
func (l *liveness) calm() {
	if l.timer != nil {
		l.timer.Stop()
	}
	l.timer, l.spoke, l.probes = nil, never, 0
}

// alarm begins to count, as answers have stopped now.
func (l *liveness) alarm() {
	c := l.conn
	now := c.host.net.now()
	l.heard = max(l.heard, min(c.in.last, now), min(c.out.last, now))
	if l.count > 0 {
		l.heard += (now - l.heard) / l.idle * l.idle // the probes until now were answered
		l.probe = l.heard + l.idle
	}
	l.spoke = c.out.unanswered()
	l.timer = time.AfterFunc(never, l.expire)
}

// wrote is called when something was sent, which may be into a silence.
func (l *liveness) wrote() {
	if l == nil || !l.conn.silent() {
		return
	}
	l.spoke = min(l.spoke, l.conn.host.net.now())
	l.conn.attend()
}

// schedule sets the timer. While words wait for an answer it is they that are sent again, and no probes.
func (l *liveness) schedule() {
	now := l.conn.host.net.now()
	switch {
	case l.spoke != never:
		l.timer.Reset(max(0, l.spoke+l.conn.out.patience-now))
	case l.count > 0:
		l.timer.Reset(max(0, l.probe-now))
	default:
		l.timer.Stop()
	}
}

func (l *liveness) expire() {
	c := l.conn
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	switch now := n.now(); {
	case l.timer == nil: // it was stopped too late
	case c.in.failure() != never:
		l.calm()
	case l.overdue(now):
		c.giveUp()
	case l.spoke != never || now < l.probe:
	case c.refuses():
		c.reset()
		l.calm()
	default:
		l.probes++
		l.probe = now + l.interval
		l.schedule()
	}
}

// overdue reports whether it is time to give up, as in tcp_keepalive_timer and tcp_retransmit_timer of Linux.
func (l *liveness) overdue(now time.Duration) bool {
	switch {
	case l.spoke != never:
		return now-l.spoke >= l.conn.out.patience
	case l.timeout > 0:
		return l.probes > 0 && now-l.heard >= l.timeout
	default:
		return l.count > 0 && l.probes >= l.count
	}
}

// giveUp ends the connection at this end. The other end is told nothing: it learns of it when it next speaks or probes.
func (c *Conn) giveUp() {
	c.alive.calm()
	c.in.end(c.host.net.now(), syscall.ETIMEDOUT)
	c.out.lose()
	c.out.done = true
	c.peer.peerGone = true
	c.peer.attend()
}
