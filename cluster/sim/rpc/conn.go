package rpc

import (
	"bufio"
	"net"
	"time"

	"faultline/cluster/network"
)

// Conn is one connection to a port, made when it is needed. It carries one request at a time. The zero value is closed.
type Conn struct {
	// Pace, if it is not 0, has the connection send a few bytes of a request and read a few of the answer at a
	// time, and wait so long after each. The node has half a request meanwhile, and a goroutine that waits for the rest.
	Pace time.Duration

	conn   net.Conn
	reader *bufio.Reader
}

// NotSent means that a request certainly did not leave.
type NotSent struct{ Err error }

func (e *NotSent) Error() string { return e.Err.Error() }
func (e *NotSent) Unwrap() error { return e.Err }

// Call sends a frame to an address and waits for the body of its answer. After an error the connection is closed, so that
// a late response cannot be taken for the next one's.
func (c *Conn) Call(host *network.Host, addr string, frame []byte, timeout time.Duration) ([]byte, error) {
	deadline := time.Now().Add(timeout)
	if c.conn == nil {
		conn, err := host.Dial(addr, timeout)
		if err != nil {
			return nil, &NotSent{err}
		}
		c.conn, c.reader = conn, bufio.NewReaderSize(sip{c}, 1024)
	}
	answer, err := c.exchange(frame, deadline)
	if err != nil {
		c.Close()
	}
	return answer, err
}

func (c *Conn) exchange(frame []byte, deadline time.Time) ([]byte, error) {
	if err := c.conn.SetDeadline(deadline); err != nil {
		return nil, err
	}
	if err := c.send(frame); err != nil {
		return nil, err
	}
	return ReadFrame(c.reader)
}

// Close closes the connection, if there is one. The next call makes another.
func (c *Conn) Close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn, c.reader = nil, nil
	}
}

// Piece is how many bytes a connection with a pace sends or reads at a time.
const Piece = 8

func (c *Conn) send(b []byte) error {
	for c.Pace > 0 && len(b) > Piece {
		if _, err := c.conn.Write(b[:Piece]); err != nil {
			return err
		}
		b = b[Piece:]
		time.Sleep(c.Pace)
	}
	_, err := c.conn.Write(b)
	return err
}

// sip reads from a connection at its pace.
type sip struct{ c *Conn }

func (s sip) Read(b []byte) (int, error) {
	if s.c.Pace > 0 {
		time.Sleep(s.c.Pace)
		b = b[:min(len(b), Piece)]
	}
	return s.c.conn.Read(b)
}
