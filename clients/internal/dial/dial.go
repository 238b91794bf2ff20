// Package dial connects clients to servers. It knows whom a client has dialed and whether it has sent anything, and can make
// its connections slow, for clients that send and read a few bytes at a time (see cluster.Op.Pace).
package dial

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Piece is how many bytes a slow connection sends or reads at a time.
const Piece = 8

// patience is for how many pauses a slow client waits in addition to its time-out: a small request and its answer, with
// the frames and headers of their protocol, take fewer.
const patience = 128

// Dialer dials TCP. The zero value dials connections that are not slow.
type Dialer struct {
	// Patience is how long a connection may take to be made; 0 leaves it to the context.
	Patience time.Duration

	pace   atomic.Int64
	writes atomic.Int64
	mu     sync.Mutex
	dialed map[string]string // what was dialed, by the address that this led to
}

// SetPace makes all connections wait for that long after each piece from now on; 0 ends it.
func (d *Dialer) SetPace(pace time.Duration) { d.pace.Store(int64(pace)) }

// Timeout is how long an operation may take at the pace that is set, if it may take this long otherwise.
func (d *Dialer) Timeout(usual time.Duration) time.Duration {
	return usual + patience*time.Duration(d.pace.Load())
}

// Writes is how often anything was handed to a connection. An operation during which it stays the same was not sent.
func (d *Dialer) Writes() int64 { return d.writes.Load() }

// DialContext connects to an address.
func (d *Dialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := (&net.Dialer{Timeout: d.Patience}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dialed == nil {
		d.dialed = map[string]string{}
	}
	d.dialed[c.RemoteAddr().String()] = addr
	return &conn{Conn: c, dialer: d}, nil
}

// Host is the host that was dialed, by its name, to reach an address; empty if none was.
func (d *Dialer) Host(reached net.Addr) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	host, _, err := net.SplitHostPort(d.dialed[reached.String()])
	if err != nil {
		return ""
	}
	return host
}

// conn is a connection at the pace of its dialer.
type conn struct {
	net.Conn
	dialer *Dialer
}

func (c *conn) Write(b []byte) (sent int, err error) {
	c.dialer.writes.Add(1)
	for err == nil && len(b)-sent > Piece {
		pace := time.Duration(c.dialer.pace.Load())
		if pace == 0 {
			break
		}
		var n int
		n, err = c.Conn.Write(b[sent : sent+Piece])
		sent += n
		time.Sleep(pace)
	}
	if err != nil {
		return sent, err
	}
	n, err := c.Conn.Write(b[sent:])
	return sent + n, err
}

func (c *conn) Read(b []byte) (int, error) {
	if pace := time.Duration(c.dialer.pace.Load()); pace > 0 {
		time.Sleep(pace)
		b = b[:min(len(b), Piece)]
	}
	return c.Conn.Read(b)
}
