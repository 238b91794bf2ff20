package network

import (
	"io"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"faultline/cluster/scheduler"
)

// Conn is one end of a connection. It is a net.Conn for one reader and one writer at a time.
type Conn struct {
	host          *Host
	peer          *Conn
	in, out       *flow
	local, remote Addr
	closed        bool
	// peerGone means that the other machine lost its power: what is written is never acknowledged.
	peerGone   bool
	unanswered bool // something was on its way there, or was written since
	// readShut and writeShut mean that this end has been closed for reading or for writing, and only that.
	readShut, writeShut bool
	dialed              bool   // at this end
	ephemeral           uint16 // port of the end that dialled
	// recorded is the connection's number in the record, negative at the end that accepted it; 0 if it is not recorded.
	recorded int32

	readDeadline, writeDeadline time.Duration // 0 means none
	alive                       *liveness     // nil unless asked for
}

// Read waits for bytes, the end of the stream or the deadline.
func (c *Conn) Read(b []byte) (int, error) {
	defer scheduler.Enter().Leave()
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	for {
		c.host.pass()
		if c.closed {
			return 0, c.fail("read", net.ErrClosed)
		}
		if n.passed(c.readDeadline) { // even if there is something to read, as in net
			return 0, c.fail("read", os.ErrDeadlineExceeded)
		}
		k, err := c.in.take(b)
		if err == io.EOF {
			return 0, io.EOF
		}
		if err != nil {
			return 0, c.fail("read", err)
		}
		if k > 0 || len(b) == 0 {
			return k, nil
		}
		if c.readShut {
			return 0, io.EOF
		}
		c.in.reader.waitBy(n, deadline(c.readDeadline), c.in.arrival())
	}
}

// Write sends b as one segment. It waits only while the window is full or the host paused.
func (c *Conn) Write(b []byte) (int, error) {
	defer scheduler.Enter().Leave()
	k, err := c.write(b)
	if after := c.host.net.config.AfterWrite; after != nil {
		after()
	}
	return k, err
}

func (c *Conn) write(b []byte) (int, error) {
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	for {
		c.host.pass()
		if err := c.broken(); err != nil {
			return 0, c.fail("write", err)
		}
		if n.passed(c.writeDeadline) {
			return 0, c.fail("write", os.ErrDeadlineExceeded)
		}
		if c.out.unread == 0 || c.out.unread+len(b) <= n.config.Window {
			break
		}
		c.out.writer.waitBy(n, deadline(c.writeDeadline), c.in.failure())
	}
	if len(b) == 0 {
		return 0, nil
	}
	c.transmit(b)
	return len(b), nil
}

// broken returns why nothing can be written any more; nil if something can.
func (c *Conn) broken() error {
	switch {
	case c.closed:
		return net.ErrClosed
	case c.writeShut:
		return syscall.EPIPE
	default:
		return c.in.failed()
	}
}

func (c *Conn) transmit(b []byte) {
	n := c.host.net
	noted := n.record.write(n.now(), c.recorded, b)
	switch {
	case c.peerGone:
		c.unanswered = true
		if c.out.net.current[c.out.link.to].state != noPower {
			c.reset()
		}
	case c.peer.closed: // nobody reads it there: the answer is a reset
		c.reset()
	default:
		buf := n.buffer(b)
		c.out.send(segment{data: buf, buf: buf, noted: noted})
	}
	c.alive.wrote()
}

// reset has the other machine answer that it knows no such connection: the answer to a segment sent
// now is back after a round trip. While either direction is cut it does not come, as the words of a
// stateless answer are not sent again; the next write, or a deadline, ends the wait.
func (c *Conn) reset() {
	if !c.out.link.cut && !c.in.link.cut {
		now := c.host.net.now()
		c.in.end(now+c.out.link.passage(now, 0)+c.in.link.passage(now, 0), syscall.ECONNRESET)
	}
}

// peerBack tells c that the machine at its other end has power again.
func (c *Conn) peerBack() {
	if c.unanswered && !c.closed {
		c.reset()
	}
}

// SetDeadline sets both deadlines. The zero time means none.
func (c *Conn) SetDeadline(t time.Time) error {
	defer scheduler.Enter().Leave()
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	c.readBy(n.instant(t))
	c.writeBy(n.instant(t))
	return nil
}

// SetReadDeadline bounds reads, a waiting one included.
func (c *Conn) SetReadDeadline(t time.Time) error {
	defer scheduler.Enter().Leave()
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	c.readBy(n.instant(t))
	return nil
}

func (c *Conn) readBy(at time.Duration) {
	c.readDeadline = at
	c.in.reader.wakeBy(c.host.net, deadline(at))
}

// SetWriteDeadline bounds writes, a waiting one included.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	defer scheduler.Enter().Leave()
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	c.writeBy(n.instant(t))
	return nil
}

func (c *Conn) writeBy(at time.Duration) {
	c.writeDeadline = at
	c.out.writer.wakeBy(c.host.net, deadline(at))
}

// instant is t on the network's clock; 0 stands for the zero time.
func (n *Network) instant(t time.Time) time.Duration {
	if t.IsZero() {
		return 0
	}
	return max(1, t.Sub(n.start))
}

func (n *Network) passed(deadline time.Duration) bool { return deadline != 0 && deadline <= n.now() }

func deadline(d time.Duration) time.Duration {
	if d == 0 {
		return never
	}
	return d
}

// LocalAddr is this end's address.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr is the other end's address.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// Local is this end. A Unix socket has none.
func (c *Conn) Local() Endpoint { return c.endpoint(c.local, c.dialed) }

// Remote is the other end.
func (c *Conn) Remote() Endpoint { return c.endpoint(c.remote, !c.dialed) }

func (c *Conn) endpoint(a Addr, dialed bool) Endpoint {
	if a.unix() {
		return Endpoint{}
	}
	e := a.endpoint()
	if dialed {
		e.Port = strconv.Itoa(int(c.ephemeral))
	}
	return e
}

func (c *Conn) fail(op string, err error) error {
	return &net.OpError{Op: op, Net: c.remote.Network(), Source: c.local, Addr: c.remote, Err: err}
}
