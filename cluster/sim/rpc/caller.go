package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"faultline/cluster/network"
)

// Caller asks other nodes on a port. It keeps one connection to each. Calls that overlap use further ones, which are closed
// afterwards.
type Caller struct {
	host *network.Host
	port string

	mu   sync.Mutex
	idle map[string]*Conn // by node
}

// NewCaller returns a caller on a host: a process's, or a client's.
func NewCaller(host *network.Host, port string) *Caller {
	return &Caller{host: host, port: port, idle: map[string]*Conn{}}
}

// Call asks a node, and waits for its response. If the error wraps NotSent, nobody got the request. After any other error it
// may have been carried out.
func (c *Caller) Call(node string, r Request, timeout time.Duration) (Response, error) {
	return c.call(node, r, timeout, 0)
}

func (c *Caller) call(node string, r Request, timeout, pace time.Duration) (Response, error) {
	conn := c.take(node)
	conn.Pace = pace
	response, err := call(conn, c.host, node+":"+c.port, r, timeout)
	c.put(node, conn)
	return response, err
}

func call(conn *Conn, host *network.Host, addr string, r Request, timeout time.Duration) (response Response, err error) {
	deadline := time.Now().Add(timeout)
	b, err := conn.Call(host, addr, framed(r), timeout)
	if errors.As(err, new(*unsent)) { // the node was restarted since the last call
		b, err = conn.Call(host, addr, framed(r), time.Until(deadline))
	}
	if err != nil {
		return response, err
	}
	if err := json.Unmarshal(b, &response); err != nil {
		conn.Close()
		return response, fmt.Errorf("response to a %s: %w", r.Kind, err)
	}
	return response, nil
}

func (c *Caller) take(node string) *Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn := c.idle[node]
	delete(c.idle, node)
	if conn == nil {
		conn = &Conn{}
	}
	return conn
}

func (c *Caller) put(node string, conn *Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idle[node] == nil {
		c.idle[node] = conn
	} else {
		conn.Close()
	}
}

// Close closes the connections that are not in use.
func (c *Caller) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, node := range slices.Sorted(maps.Keys(c.idle)) {
		c.idle[node].Close()
	}
	clear(c.idle)
}
