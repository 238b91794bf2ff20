package network

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Host is one incarnation of a machine's network stack, from Attach to Kill or PowerOff. What is left
// of a dead incarnation can call it as it likes: nothing leaves it and nothing reaches it.
type Host struct {
	net   *Network
	name  string
	state hostState
	door  chan struct{} // closed on Resume; nil unless paused
	held  []func()      // what its process did while paused, to be done on Resume

	listeners []*Listener // open ones
	conns     []*Conn     // open ones, in order of creation
	// orphans are connections of others to a host that lost its power: their peers do not know yet.
	orphans []*Conn
}

type hostState uint8

const (
	up      hostState = iota
	dead              // the process is gone, the machine answers: connections are refused
	noPower           // nothing answers
)

var errHostDown = errors.New("host is down")

// Attach brings up a host. One of the same name must be down or new; it is replaced.
func (n *Network) Attach(name string) *Host {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := &Host{net: n, name: name}
	if old := n.current[name]; old != nil {
		if old.state == up {
			panic(fmt.Sprintf("network: host %s is attached already", name))
		}
		for _, c := range old.orphans { // their next word is answered by a machine that knows nothing of it
			c.peerBack()
		}
	}
	n.current[name] = h
	return h
}

// Name returns the host's name.
func (h *Host) Name() string { return h.name }

// Kill ends the process: its connections are reset, new ones are refused.
func (h *Host) Kill() {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	h.down(dead, func(c *Conn) { c.out.send(segment{end: syscall.ECONNRESET}) })
}

// PowerOff ends the machine: its peers hear nothing until another incarnation is attached.
func (h *Host) PowerOff() {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	h.down(noPower, func(c *Conn) {
		c.out.silence()
		c.peer.peerGone, c.peer.unanswered = true, c.in.underway()
		h.orphans = append(h.orphans, c.peer)
	})
}

func (h *Host) down(s hostState, farewell func(*Conn)) {
	if h.state != up {
		return
	}
	h.state = s
	for _, c := range slices.Clone(h.conns) {
		farewell(c)
		c.abandon()
	}
	for _, l := range slices.Clone(h.listeners) {
		l.close()
	}
	h.open()
}

// Pause holds everything the host's process does on the network at the door. Its kernel goes on: what
// others send is taken and waits, and connections are established.
func (h *Host) Pause() {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	if h.door == nil && h.state == up {
		h.door = make(chan struct{})
	}
}

// Resume undoes Pause.
func (h *Host) Resume() {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	h.open()
}

func (h *Host) open() {
	if h.door == nil {
		return
	}
	close(h.door)
	h.door = nil
	for _, do := range h.held {
		do()
	}
	h.held = nil
}

// whenAwake does what does not wait at the door itself: now, or on Resume.
func (h *Host) whenAwake(do func()) {
	if h.door == nil {
		do()
	} else {
		h.held = append(h.held, do)
	}
}

func (h *Host) listener(port string) *Listener {
	for _, l := range h.listeners {
		if l.port == port {
			return l
		}
	}
	return nil
}

// pass waits while the host is paused. The caller holds net.mu, which is released meanwhile.
func (h *Host) pass() {
	for h.door != nil {
		door := h.door
		h.net.mu.Unlock()
		<-door
		h.net.mu.Lock()
	}
}

// synRetransmission is how long a connection attempt waits for an answer before it tries again.
const synRetransmission = time.Second

// deadDial is how long an attempt of a dead process takes. Nobody sees that, but it must take time: raft that is told to
// shut down while it hands leadership over tries again at once until its main loop has noticed, and where no goroutine
// is ever preempted the main loop would not.
const deadDial = time.Millisecond

// Dial connects to "host:port". It fails with ECONNREFUSED where no process listens, and with
// os.ErrDeadlineExceeded if the timeout passes first; 0 means one minute.
func (h *Host) Dial(addr string, timeout time.Duration) (net.Conn, error) {
	c, err := h.dial(addr, timeout)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: Addr(addr), Err: err}
	}
	return c, nil
}

func (h *Host) dial(addr string, timeout time.Duration) (*Conn, error) {
	to, port, ok := strings.Cut(addr, ":")
	if !ok {
		return nil, fmt.Errorf("address %q is not host:port", addr)
	}
	if timeout == 0 {
		timeout = time.Minute
	}
	n := h.net
	n.mu.Lock()
	defer n.mu.Unlock()
	h.pass()
	deadline := n.now() + timeout
	there, back := n.link(h.name, to), n.link(to, h.name)
	for retry := n.now() + synRetransmission; ; retry += synRetransmission {
		if h.state != up {
			h.sleep(deadDial, deadline)
			return nil, errHostDown
		}
		c, err := h.handshake(there, back, port, min(retry, deadline))
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

// handshake tries once to connect and gives up at the instant given. It returns nil, nil if no answer came.
func (h *Host) handshake(there, back *link, port string, until time.Duration) (*Conn, error) {
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
	if l := peer.listener(port); l != nil && h.state == up {
		c, err = l.establish(h, there, back)
		h.duplicate(there, back, port)
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
	h.net.mu.Lock()
	return d <= left
}

// Down reports whether the incarnation is dead.
func (h *Host) Down() bool {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	return h.state != up
}
