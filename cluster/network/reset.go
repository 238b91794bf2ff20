package network

import (
	"slices"
	"syscall"
)

// Reset breaks the established connections of a host, as a firewall does that has lost its table: each end
// reads what had arrived and then gets ECONNRESET. What was in flight is lost with its connection. What the host has
// with itself goes through no firewall.
func (n *Network) Reset(host string) {
	n.lock()
	defer n.mu.Unlock()
	h := n.current[host]
	if h == nil {
		return
	}
	for _, c := range h.conns {
		if c.out.link.loopback() {
			continue
		}
		c.sever()
		if !c.peerGone && !c.peer.closed {
			c.peer.sever()
		}
	}
	for _, c := range h.orphans { // of a machine without power only the others' ends are left
		if !c.closed {
			c.sever()
		}
	}
}

// ResetBetween breaks the established connections between two hosts, as Reset does.
func (n *Network) ResetBetween(a, b string) {
	if a == b {
		return
	}
	n.lock()
	defer n.mu.Unlock()
	n.severFrom(a, b)
	n.severFrom(b, a)
}

// severFrom ends the connections with a host at the end of another one.
func (n *Network) severFrom(at, peer string) {
	h := n.current[at]
	if h == nil {
		return
	}
	for _, c := range h.conns {
		if c.in.link.from == peer {
			c.sever()
		}
	}
}

// sever has a connection fail at this end, now.
func (c *Conn) sever() {
	c.in.drop()
	c.in.end(c.host.net.now(), syscall.ECONNRESET)
}

// drop loses what is in flight.
func (f *flow) drop() {
	now := f.net.now()
	f.queue = slices.DeleteFunc(f.queue, func(s segment) bool {
		if s.arrives > now {
			f.net.recycle(s.buf)
		}
		return s.arrives > now
	})
	f.last = min(f.last, now)
}
