package network

import (
	"net"
	"slices"
	"syscall"
)

// Addr is "host:port", or "host" for the dialing end of a connection.
type Addr string

// Network names the kind of network.
func (Addr) Network() string { return "tcp" }

func (a Addr) String() string { return string(a) }

// backlog is how many connections wait to be accepted before further ones are refused.
const backlog = 128

// Listener accepts connections on one port of a host. It is a net.Listener for one accepting goroutine.
type Listener struct {
	host    *Host
	port    string
	pending []*Conn
	waiter  waiter
	closed  bool
}

// Listen opens a port. A port in use, or a host that is down, is an error.
func (h *Host) Listen(port string) (*Listener, error) {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	addr := Addr(h.name + ":" + port)
	if h.state != up {
		return nil, &net.OpError{Op: "listen", Net: "tcp", Addr: addr, Err: errHostDown}
	}
	if h.listener(port) != nil {
		return nil, &net.OpError{Op: "listen", Net: "tcp", Addr: addr, Err: syscall.EADDRINUSE}
	}
	l := &Listener{host: h, port: port}
	h.listeners = append(h.listeners, l)
	return l, nil
}

// establish makes a connection from a dialing host and queues its accepting end.
func (l *Listener) establish(from *Host, there, back *link) (*Conn, error) {
	if len(l.pending) == backlog {
		return nil, syscall.ECONNREFUSED
	}
	n := l.host.net
	out, in := newFlow(n, there), newFlow(n, back)
	out.reverse, in.reverse = in, out
	dialed := &Conn{host: from, in: in, out: out, local: Addr(from.name), remote: l.addr()}
	accepted := &Conn{host: l.host, in: out, out: in, local: l.addr(), remote: Addr(from.name)}
	dialed.peer, accepted.peer = accepted, dialed
	dialed.recorded = n.record.connect(from.name, l.host.name, l.port)
	accepted.recorded = -dialed.recorded
	from.conns, l.host.conns = append(from.conns, dialed), append(l.host.conns, accepted)
	l.pending = append(l.pending, accepted)
	l.waiter.wakeBy(n, n.now())
	return dialed, nil
}

// Accept waits for the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	n := l.host.net
	n.mu.Lock()
	defer n.mu.Unlock()
	for {
		l.host.pass()
		if l.closed {
			return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.addr(), Err: net.ErrClosed}
		}
		if len(l.pending) > 0 {
			c := l.pending[0]
			l.pending = l.pending[1:]
			return c, nil
		}
		l.waiter.wait(n, never)
	}
}

// Close stops listening and resets what was not accepted.
func (l *Listener) Close() error {
	n := l.host.net
	n.mu.Lock()
	defer n.mu.Unlock()
	if l.closed {
		return net.ErrClosed
	}
	l.host.whenAwake(l.close)
	return nil
}

func (l *Listener) close() {
	for _, c := range l.pending {
		c.close()
	}
	l.closed, l.pending = true, nil
	l.waiter.wakeBy(l.host.net, l.host.net.now())
	l.host.listeners = slices.DeleteFunc(l.host.listeners, func(m *Listener) bool { return m == l })
}

// Addr is the address to dial.
func (l *Listener) Addr() net.Addr { return l.addr() }

func (l *Listener) addr() Addr { return Addr(l.host.name + ":" + l.port) }
