package rpc

import (
	"bufio"
	"net"
	"time"

	"faultline/cluster/network"
)

// Conn is a connection to a port. It is made by the first call, and carries one request at a time. The zero value is closed.
type Conn struct {
	// Pace, if it is not 0, makes the connection slow: it sends and reads Piece bytes at a time, and waits for that long after
	// each. The node has half a request meanwhile, and a goroutine that waits for the rest.
	Pace time.Duration

	conn   net.Conn
	reader *bufio.Reader
}

// NotSent means that a request certainly was not sent.
type NotSent struct{ Err error }

func (e *NotSent) Error() string { return e.Err.Error() }
func (e *NotSent) Unwrap() error { return e.Err }

// Call sends a frame to an address, and waits for the body of the response. After an error the connection is closed, so that
// a late response is not taken for that of the next request.
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
	sent, err := c.send(frame)
	switch {
	case err != nil && sent == 0:
		return nil, &unsent{err}
	case err != nil:
		return nil, err
	}
	return ReadFrame(c.reader)
}

// unsent means that a connection had failed before anything of a request was written to it.
type unsent struct{ err error }

func (e *unsent) Error() string { return e.err.Error() }
func (e *unsent) Unwrap() error { return e.err }

// Close closes the connection, if there is one. The next call makes another.
func (c *Conn) Close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn, c.reader = nil, nil
	}
}

// Piece is how many bytes a slow connection sends or reads at a time.
const Piece = 8

// send writes b, and returns how much of it was written.
func (c *Conn) send(b []byte) (sent int, err error) {
	for c.Pace > 0 && len(b)-sent > Piece {
		n, err := c.conn.Write(b[sent : sent+Piece])
		if sent += n; err != nil {
			return sent, err
		}
		time.Sleep(c.Pace)
	}
	n, err := c.conn.Write(b[sent:])
	return sent + n, err
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
