package network

import (
	"net"
	"os"
	"slices"
	"syscall"
	"time"

	"faultline/cluster/scheduler"
)

// PacketConn sends and receives datagrams on one port of a host, as a UDP socket does, for one receiver at a time. A
// datagram may be lost, come late, twice, or after a later one.
type PacketConn struct {
	host  *Host
	local Endpoint
	peer  Endpoint // of a connected socket

	queue    []packet // what is underway and what has arrived, by instant of arrival
	arrived  int      // how many of the queue are in the receive buffer
	buffered int      // what they take of it
	refused  time.Duration
	reader   waiter
	closed   bool
	recorded map[Endpoint]int32 // the numbers in the record of those that it sends to

	readDeadline time.Duration // 0 means none
}

// packet is a datagram on its way to a socket, or in its buffer.
type packet struct {
	link    *link
	from    Endpoint
	arrives time.Duration
	data    []byte
	noted   int32 // its number in the record; 0 if it is not there
}

const (
	// maxDatagram is how many bytes fit into one.
	maxDatagram = 65507
	// receiveBuffer is the bound of what has arrived and was not received, as net.core.rmem_default.
	receiveBuffer = 212992
	// packetOverhead is what the kernel's own record of a packet takes of the buffer.
	packetOverhead = 768
)

// size is what the packet takes of the receive buffer.
func (p *packet) size() int { return len(p.data) + packetOverhead }

// ListenPacket opens a port for datagrams; "0" stands for an ephemeral one. A port in use, or a host that is down, is an
// error.
func (h *Host) ListenPacket(port string) (*PacketConn, error) {
	defer scheduler.Enter().Leave()
	h.net.lock()
	defer h.net.mu.Unlock()
	p := &PacketConn{host: h, local: Endpoint{h.name, h.chosen(port)}, refused: never, recorded: map[Endpoint]int32{}}
	if h.state != up {
		return nil, p.fail("listen", p.local, errHostDown)
	}
	if h.packetConn(p.local.Port) != nil {
		return nil, p.fail("listen", p.local, syscall.EADDRINUSE)
	}
	h.packets = append(h.packets, p)
	return p, nil
}

func (h *Host) packetConn(port string) *PacketConn {
	for _, p := range h.packets {
		if p.local.Port == port {
			return p
		}
	}
	return nil
}

// Local is the socket's own end.
func (p *PacketConn) Local() Endpoint { return p.local }

// Connect has the socket receive from one endpoint only, and learn that nobody listens there: the send or receive
// after the news fails with ECONNREFUSED, once.
func (p *PacketConn) Connect(peer Endpoint) error {
	defer scheduler.Enter().Leave()
	p.host.net.lock()
	defer p.host.net.mu.Unlock()
	if p.closed {
		return p.fail("connect", peer, net.ErrClosed)
	}
	p.peer = peer
	return nil
}

// SendTo sends a datagram. It waits only while the host is paused, and nobody learns what becomes of it.
func (p *PacketConn) SendTo(to Endpoint, b []byte) error {
	defer scheduler.Enter().Leave()
	err := p.sendTo(to, b)
	if after := p.host.net.config.AfterWrite; after != nil {
		after()
	}
	return err
}

func (p *PacketConn) sendTo(to Endpoint, b []byte) error {
	n := p.host.net
	n.lock()
	defer n.mu.Unlock()
	p.host.pass()
	switch {
	case p.closed:
		return p.fail("write", to, net.ErrClosed)
	case len(b) > maxDatagram:
		return p.fail("write", to, syscall.EMSGSIZE)
	case p.refusal():
		return p.fail("write", to, syscall.ECONNREFUSED)
	}
	p.send(to, b)
	return nil
}

// refusal reports, once, whether the news has arrived that nobody listens at the other end.
func (p *PacketConn) refusal() bool {
	if p.refused > p.host.net.now() {
		return false
	}
	p.refused = never
	return true
}

// Receive waits for a datagram or the deadline. What does not fit into b is lost.
func (p *PacketConn) Receive(b []byte) (k int, from Endpoint, err error) {
	defer scheduler.Enter().Leave()
	n := p.host.net
	n.lock()
	defer n.mu.Unlock()
	for {
		p.host.pass()
		if !p.closed && n.passed(p.readDeadline) { // even if there is something to receive, as in net
			return 0, Endpoint{}, p.fail("read", p.peer, os.ErrDeadlineExceeded)
		}
		if k, from, err = p.take(b); err != syscall.EAGAIN {
			break
		}
		p.reader.waitBy(n, deadline(p.readDeadline), p.receivableFrom())
	}
	if err != nil {
		err = p.fail("read", p.peer, err)
	}
	return k, from, err
}

// TryReceive receives a datagram that has arrived, see TryRead.
func (p *PacketConn) TryReceive(b []byte) (k int, from Endpoint, err error) {
	defer scheduler.Enter().Leave()
	p.host.net.lock()
	defer p.host.net.mu.Unlock()
	p.host.pass()
	k, from, err = p.take(b)
	switch {
	case err == syscall.EAGAIN:
		p.reader.arm()
	case err != nil:
		err = p.fail("read", p.peer, err)
	}
	return k, from, err
}

func (p *PacketConn) take(b []byte) (int, Endpoint, error) {
	p.admit()
	switch {
	case p.closed:
		return 0, Endpoint{}, net.ErrClosed
	case p.refusal():
		return 0, Endpoint{}, syscall.ECONNREFUSED
	case p.arrived == 0:
		return 0, Endpoint{}, syscall.EAGAIN
	}
	first := p.queue[0]
	p.queue = slices.Delete(p.queue, 0, 1)
	p.arrived--
	p.buffered -= first.size()
	p.host.net.record.read(first.noted, p.host.net.now())
	return copy(b, first.data), first.from, nil
}

// admit moves what has arrived into the receive buffer, as far as there was room when it arrived: whoever receives
// calls it first, so since the last call nothing has left the buffer.
func (p *PacketConn) admit() {
	now := p.host.net.now()
	for p.arrived < len(p.queue) && p.queue[p.arrived].arrives <= now {
		if size := p.queue[p.arrived].size(); p.buffered+size <= receiveBuffer {
			p.buffered += size
			p.arrived++
		} else {
			p.queue = slices.Delete(p.queue, p.arrived, p.arrived+1)
		}
	}
}

// SetReadDeadline bounds Receive, a waiting one included. The zero time means none.
func (p *PacketConn) SetReadDeadline(t time.Time) error {
	defer scheduler.Enter().Leave()
	n := p.host.net
	n.lock()
	defer n.mu.Unlock()
	p.readDeadline = n.instant(t)
	p.reader.wakeBy(n, deadline(p.readDeadline))
	return nil
}

// Close closes the port. What is underway to it is lost.
func (p *PacketConn) Close() error {
	defer scheduler.Enter().Leave()
	p.host.net.lock()
	defer p.host.net.mu.Unlock()
	if p.closed {
		return p.fail("close", p.peer, net.ErrClosed)
	}
	p.host.whenAwake(p.close)
	return nil
}

func (p *PacketConn) close() {
	p.closed, p.queue, p.arrived, p.buffered = true, nil, 0, 0
	p.reader.wakeBy(p.host.net, p.host.net.now())
	p.reader.unpoll()
	p.host.packets = slices.DeleteFunc(p.host.packets, func(q *PacketConn) bool { return q == p })
}

func (p *PacketConn) owner() *Host { return p.host }

func (p *PacketConn) sides() (read, write side) { return side{&p.reader, p.receivableFrom}, side{} }

func (p *PacketConn) receivableFrom() time.Duration {
	p.admit()
	switch {
	case p.closed:
		return 0
	case len(p.queue) == 0:
		return p.refused
	default:
		return min(p.refused, p.queue[0].arrives)
	}
}

func (p *PacketConn) fail(op string, other Endpoint, err error) error {
	return &net.OpError{Op: op, Net: "udp", Source: Addr(p.local.String()), Addr: Addr(other.String()), Err: err}
}
