package network

import (
	"net"
	"slices"
	"syscall"

	"faultline/cluster/scheduler"
)

// backlog is how many connections wait to be accepted before further ones are refused.
const backlog = 128

// Listener accepts connections on one port of a host, or on a Unix socket. It is a net.Listener for one accepting
// goroutine.
type Listener struct {
	host    *Host
	addr    Addr
	pending []*Conn
	waiter  waiter
	closed  bool
}

// Listen opens a port; "0" stands for an ephemeral one. A port in use, or a host that is down, is an error.
func (h *Host) Listen(port string) (*Listener, error) {
	defer scheduler.Enter().Leave()
	h.net.lock()
	defer h.net.mu.Unlock()
	return h.listen(Addr(Endpoint{h.name, h.chosen(port)}.String()))
}

func (h *Host) listen(addr Addr) (*Listener, error) {
	if h.state != up {
		return nil, &net.OpError{Op: "listen", Net: addr.Network(), Addr: addr, Err: errHostDown}
	}
	if h.listener(addr) != nil {
		return nil, &net.OpError{Op: "listen", Net: addr.Network(), Addr: addr, Err: syscall.EADDRINUSE}
	}
	l := &Listener{host: h, addr: addr}
	h.listeners = append(h.listeners, l)
	return l, nil
}

// establish makes a connection and queues its accepting end.
func (l *Listener) establish(a attempt) (*Conn, error) {
	if len(l.pending) == backlog {
		return nil, syscall.ECONNREFUSED
	}
	from, n := a.from, l.host.net
	out, in := newFlow(n, a.there), newFlow(n, a.back)
	out.reverse, in.reverse = in, out
	dialed := &Conn{host: from, in: in, out: out, local: Addr(from.name), remote: l.addr, ephemeral: a.port, dialed: true}
	accepted := &Conn{host: l.host, in: out, out: in, local: l.addr, remote: Addr(from.name), ephemeral: a.port}
	dialed.peer, accepted.peer = accepted, dialed
	if l.addr.unix() {
		dialed.local, accepted.remote = unnamed, unnamed
	} else {
		dialed.recorded = n.record.connect(from.name, l.host.name, l.addr.endpoint().Port)
		accepted.recorded = -dialed.recorded
	}
	from.conns, l.host.conns = append(from.conns, dialed), append(l.host.conns, accepted)
	l.pending = append(l.pending, accepted)
	l.waiter.wakeBy(n, n.now())
	return dialed, nil
}

// Accept waits for the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	defer scheduler.Enter().Leave()
	n := l.host.net
	n.lock()
	defer n.mu.Unlock()
	for {
		l.host.pass()
		switch c, err := l.next(); {
		case err != nil:
			return nil, err
		case c != nil:
			return c, nil
		}
		l.waiter.wait(n, never)
	}
}

// next is the connection that has waited longest; nil if there is none.
func (l *Listener) next() (*Conn, error) {
	if l.closed {
		return nil, l.fail(net.ErrClosed)
	}
	if len(l.pending) == 0 {
		return nil, nil
	}
	c := l.pending[0]
	l.pending = l.pending[1:]
	return c, nil
}

func (l *Listener) fail(err error) error {
	return &net.OpError{Op: "accept", Net: l.addr.Network(), Addr: l.addr, Err: err}
}

// Close stops listening and resets what was not accepted.
func (l *Listener) Close() error {
	defer scheduler.Enter().Leave()
	n := l.host.net
	n.lock()
	defer n.mu.Unlock()
	if l.closed {
		return net.ErrClosed
	}
	l.host.whenAwake(l.close)
	return nil
}

func (l *Listener) close() {
	for _, c := range l.pending {
		c.abort()
	}
	l.closed, l.pending = true, nil
	l.waiter.wakeBy(l.host.net, l.host.net.now())
	l.waiter.unpoll()
	l.host.listeners = slices.DeleteFunc(l.host.listeners, func(m *Listener) bool { return m == l })
}

// Addr is the address to dial.
func (l *Listener) Addr() net.Addr { return l.addr }
