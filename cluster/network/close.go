package network

import (
	"io"
	"net"
	"slices"
	"syscall"

	"faultline/cluster/scheduler"
)

// Close sends what was written and then the end of the stream. It never waits: a library may close while
// it holds a mutex. What a paused process closes, its peer learns of after Resume.
//
// Linux sends a reset if something is unread. Close does not, so that the seeds of the systems that are written for this
// network keep their meaning; whoever closes for an unmodified program asks Unread, and then aborts.
func (c *Conn) Close() error { return c.end("close", c.close) }

// Abort closes with a reset, as close does after SO_LINGER was set to 0. What waits to be sent again is dropped.
func (c *Conn) Abort() error { return c.end("close", c.abort) }

// CloseWrite sends what was written and then the end of the stream. This end still reads; it writes no more, which is EPIPE.
func (c *Conn) CloseWrite() error { return c.end("shutdown", c.closeWrite) }

// CloseRead has reads return io.EOF where they would wait. The peer is not told: what it sends is taken, and can be
// read, as on Linux.
func (c *Conn) CloseRead() error { return c.end("shutdown", c.closeRead) }

// end ends the connection, or one direction of it, if it is open.
func (c *Conn) end(op string, how func()) error {
	defer scheduler.Enter().Leave()
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	if c.closed {
		return c.fail(op, net.ErrClosed)
	}
	if op == "shutdown" && c.in.failed() != nil {
		return c.fail(op, syscall.ENOTCONN)
	}
	c.host.whenAwake(how)
	return nil
}

// Unread reports whether something has arrived that was not read.
func (c *Conn) Unread() bool {
	defer scheduler.Enter().Leave()
	n := c.host.net
	n.lock()
	defer n.mu.Unlock()
	return c.in.readable()
}

func (c *Conn) close() {
	if c.closed {
		return
	}
	if !c.peerGone {
		c.out.send(segment{end: io.EOF})
	}
	c.abandon()
}

func (c *Conn) abort() {
	if c.closed {
		return
	}
	if !c.peerGone && !c.out.abort() {
		c.peer.peerGone = true // who learns of it when it next speaks or probes
		c.peer.attend()
	}
	c.abandon()
}

func (c *Conn) closeWrite() {
	if c.closed || c.writeShut {
		return
	}
	c.writeShut = true
	if c.peerGone {
		c.unanswered = true
	} else {
		c.out.send(segment{end: io.EOF})
	}
	c.alive.wrote()
	c.out.writer.wakeBy(c.host.net, c.host.net.now())
}

func (c *Conn) closeRead() {
	c.readShut = true
	c.in.reader.wakeBy(c.host.net, c.host.net.now())
}

// abandon drops this end of the connection without a word to the other.
func (c *Conn) abandon() {
	n := c.host.net
	c.closed = true
	c.attend()
	c.in.reader.wakeBy(n, n.now())
	c.out.writer.wakeBy(n, n.now())
	c.in.reader.unpoll()
	c.out.writer.unpoll()
	c.in.discard()
	c.host.conns = slices.DeleteFunc(c.host.conns, func(d *Conn) bool { return d == c })
}
