package network

import (
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"faultline/cluster/scheduler"
)

// synRetransmission is how long a connection attempt waits for an answer before it tries again.
const synRetransmission = time.Second

// deadDial is how long an attempt of a dead process takes. Nobody sees that, but it must take time: raft that is told to
// shut down while it hands leadership over tries again at once until its main loop has noticed, and where no goroutine
// is ever preempted the main loop would not.
const deadDial = time.Millisecond

// Dial connects to "host:port". It fails with ECONNREFUSED where no process listens, and with
// os.ErrDeadlineExceeded if the timeout passes first; 0 means one minute.
func (h *Host) Dial(addr string, timeout time.Duration) (net.Conn, error) {
	defer scheduler.Enter().Leave()
	c, err := h.dial(addr, timeout)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: Addr(addr), Err: err}
	}
	return c, nil
}

func (h *Host) dial(addr string, timeout time.Duration) (*Conn, error) {
	to, _, ok := strings.Cut(addr, ":")
	if !ok {
		return nil, fmt.Errorf("address %q is not host:port", addr)
	}
	if timeout == 0 {
		timeout = time.Minute
	}
	n := h.net
	n.lock()
	defer n.mu.Unlock()
	h.pass()
	deadline := n.now() + timeout
	a := attempt{from: h, there: n.link(h.name, to), back: n.link(to, h.name), addr: Addr(addr), port: h.ephemeral()}
	for retry := n.now() + synRetransmission; ; retry += synRetransmission {
		if h.state != up {
			h.sleep(deadDial, deadline)
			return nil, errHostDown
		}
		c, err := a.handshake(min(retry, deadline))
		h.pass()
		switch {
		case h.state != up:
			return nil, errHostDown
		case n.now() >= deadline:
			if c != nil {
				c.close()
			}
			return nil, os.ErrDeadlineExceeded
		case c != nil || err != nil:
			return c, err
		}
	}
}

// attempt is that of a host to connect.
type attempt struct {
	from        *Host
	there, back *link
	addr        Addr   // of the listener
	port        uint16 // the dialling end's
}

// handshake tries once to connect and gives up at the instant given. It returns nil, nil if no answer came.
func (a attempt) handshake(until time.Duration) (*Conn, error) {
	h, there, back := a.from, a.there, a.back
	if there.cut || there.loses() || !h.sleep(there.passage(h.net.now(), 0), until) || there.cut {
		h.sleep(never, until)
		return nil, nil
	}
	peer := h.net.current[there.to]
	if peer == nil || peer.state == noPower || back.cut || back.loses() {
		h.sleep(never, until)
		return nil, nil
	}
	var c *Conn
	err := error(syscall.ECONNREFUSED)
	if l := peer.listener(a.addr); l != nil && h.state == up {
		c, err = l.establish(a)
		a.duplicate()
	}
	if !h.sleep(back.passage(h.net.now(), 0), until) || back.cut {
		if c != nil {
			c.close()
		}
		h.sleep(never, until)
		return nil, nil
	}
	return c, err
}

// sleep waits for d, or until the instant given if that is sooner; it reports whether d has passed.
func (h *Host) sleep(d, until time.Duration) bool {
	left := until - h.net.now()
	h.net.mu.Unlock()
	time.Sleep(min(d, left))
	h.net.lock()
	return d <= left
}
