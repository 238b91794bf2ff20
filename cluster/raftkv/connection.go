package raftkv

import (
	"bufio"
	"net"
	"time"

	"faultline/cluster/network"
)

// connection is one connection to a node's KV port, made when it is needed. The zero value is closed.
type connection struct {
	conn   net.Conn
	reader *bufio.Reader
	pace   time.Duration // see slow.go
}

// call sends a request and waits for its response. After an error the connection is closed, so that a
// late response cannot be taken for the next one's.
func (c *connection) call(host *network.Host, addr string, r *request, timeout time.Duration) (response, error) {
	deadline := time.Now().Add(timeout)
	if c.conn == nil {
		conn, err := host.Dial(addr, timeout)
		if err != nil {
			return response{}, &notSent{err}
		}
		c.conn, c.reader = conn, bufio.NewReaderSize(sip{c}, 1024)
	}
	answer, err := c.exchange(r, deadline)
	if err != nil {
		c.close()
	}
	return answer, err
}

func (c *connection) exchange(r *request, deadline time.Time) (response, error) {
	if err := c.conn.SetDeadline(deadline); err != nil {
		return response{}, err
	}
	if err := c.send(r.encode()); err != nil {
		return response{}, err
	}
	b, err := readFrame(c.reader)
	if err != nil {
		return response{}, err
	}
	return decodeResponse(b)
}

func (c *connection) close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn, c.reader = nil, nil
	}
}

// notSent means that a request certainly did not leave.
type notSent struct{ err error }

func (e *notSent) Error() string { return e.err.Error() }
func (e *notSent) Unwrap() error { return e.err }
