package network

import (
	"errors"
	"fmt"
	"slices"
	"syscall"

	"faultline/cluster/scheduler"
)

// Host is one incarnation of a machine's network stack, from Attach to Kill or PowerOff. What is left
// of a dead incarnation can call it as it likes: nothing leaves it and nothing reaches it.
type Host struct {
	net   *Network
	name  string
	state hostState
	door  chan struct{} // closed on Resume; nil unless paused
	held  []func()      // what its process did while paused, to be done on Resume

	listeners []*Listener   // open ones
	conns     []*Conn       // open ones, in order of creation
	packets   []*PacketConn // open ones
	pollers   []*Poller
	port      uint16 // the ephemeral one that was handed out last
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
	n.lock()
	defer n.mu.Unlock()
	h := &Host{net: n, name: name}
	if old := n.current[name]; old != nil {
		if old.state == up {
			panic(fmt.Sprintf("network: host %s is attached already", name))
		}
		for _, c := range old.orphans { // their next word is answered by a machine that knows nothing of it
			c.peerBack()
		}
		h.port = old.port
	}
	n.current[name] = h
	return h
}

// Name returns the host's name.
func (h *Host) Name() string { return h.name }

// Kill ends the process: its connections are reset, new ones are refused.
func (h *Host) Kill() {
	h.net.lock()
	defer h.net.mu.Unlock()
	h.down(dead, func(c *Conn) { c.out.send(segment{end: syscall.ECONNRESET}) })
}

// PowerOff ends the machine: its peers hear nothing until another incarnation is attached.
func (h *Host) PowerOff() {
	h.net.lock()
	defer h.net.mu.Unlock()
	h.down(noPower, func(c *Conn) {
		c.out.silence()
		c.peer.peerGone, c.peer.unanswered = true, c.in.underway()
		h.orphans = append(h.orphans, c.peer)
		c.peer.attend()
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
	for _, p := range slices.Clone(h.packets) {
		p.close()
	}
	for _, p := range h.pollers {
		p.waiter.wakeBy(h.net, h.net.now())
	}
	h.open()
}

// Pause holds everything the host's process does on the network at the door. Its kernel goes on: what
// others send is taken and waits, and connections are established.
func (h *Host) Pause() {
	h.net.lock()
	defer h.net.mu.Unlock()
	if h.door == nil && h.state == up {
		h.door = make(chan struct{})
	}
}

// Resume undoes Pause.
func (h *Host) Resume() {
	h.net.lock()
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

func (h *Host) listener(addr Addr) *Listener {
	for _, l := range h.listeners {
		if l.addr == addr {
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
		h.net.lock()
	}
}

// Down reports whether the incarnation is dead.
func (h *Host) Down() bool {
	defer scheduler.Enter().Leave()
	h.net.mu.Lock() // what time it is does not matter
	defer h.net.mu.Unlock()
	return h.state != up
}
