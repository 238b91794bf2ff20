package network

import (
	"io"
	"net"
	"syscall"
	"time"

	"faultline/cluster/scheduler"
)

// The calls that begin with Try wait only while the host is paused. Where there is nothing to do they fail with
// syscall.EAGAIN itself: it happens too often to be worth an allocation. Deadlines do not concern them.

// TryRead reads what has arrived, in whatever number of segments. Where it returns fewer bytes than b has room for,
// nothing more has arrived, except perhaps the end of the stream or a failure, which the next call returns.
func (c *Conn) TryRead(b []byte) (int, error) {
	defer scheduler.Enter().Leave()
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	c.host.pass()
	if c.closed {
		return 0, c.fail("read", net.ErrClosed)
	}
	k, err := c.in.takeAll(b)
	switch {
	case k == len(b):
		return k, nil
	case k > 0:
	case err == io.EOF:
		return 0, io.EOF
	case err != nil:
		return 0, c.fail("read", err)
	case c.readShut:
		return 0, io.EOF
	default:
		err = syscall.EAGAIN
	}
	c.in.reader.arm()
	return k, err
}

// TryWrite sends as much of b as there is room for, as one segment.
func (c *Conn) TryWrite(b []byte) (int, error) {
	defer scheduler.Enter().Leave()
	k, err := c.tryWrite(b)
	if after := c.host.net.config.AfterWrite; after != nil {
		after()
	}
	return k, err
}

func (c *Conn) tryWrite(b []byte) (int, error) {
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	c.host.pass()
	if err := c.broken(); err != nil {
		return 0, c.fail("write", err)
	}
	k := min(len(b), max(0, n.config.Window-c.out.unread))
	if k > 0 {
		c.transmit(b[:k])
	}
	if k == len(b) {
		return k, nil
	}
	c.out.writer.arm()
	if k == 0 {
		return 0, syscall.EAGAIN
	}
	return k, nil
}

func (c *Conn) owner() *Host { return c.host }

func (c *Conn) sides() (read, write side) {
	return side{&c.in.reader, c.readableFrom}, side{&c.out.writer, c.writableFrom}
}

// readableFrom is the instant from which on a read does not wait, as far as is known.
func (c *Conn) readableFrom() time.Duration {
	if c.closed || c.readShut {
		return 0
	}
	return c.in.arrival()
}

// writableFrom is the instant from which on it is worth while to write: there is room for a third of the window, as
// Linux has it, or the connection has failed.
func (c *Conn) writableFrom() time.Duration {
	if c.broken() != nil || c.out.unread <= c.host.net.config.Window*2/3 {
		return 0
	}
	return c.in.failure()
}

// TryAccept accepts a connection that waits.
func (l *Listener) TryAccept() (*Conn, error) {
	defer scheduler.Enter().Leave()
	n := l.host.net
	n.lock()
	defer n.mu.Unlock()
	l.host.pass()
	c, err := l.next()
	if c == nil && err == nil {
		l.waiter.arm()
		err = syscall.EAGAIN
	}
	return c, err
}

func (l *Listener) owner() *Host { return l.host }

func (l *Listener) sides() (read, write side) { return side{&l.waiter, l.acceptableFrom}, side{} }

func (l *Listener) acceptableFrom() time.Duration {
	if l.closed || len(l.pending) > 0 {
		return 0
	}
	return never
}
