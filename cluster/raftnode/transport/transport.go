// Package transport carries raft's messages over the virtual network as raft's own NetworkTransport does that makes one call at a time: the same
// bytes on the same connections, the same deadlines, the same goroutines. Only the codec is another (see cluster/raftnode/wire), and nothing is
// measured, which makes a world a sixth faster.
//
// It has no pipelines. What has a defect of its own there is raft's own transport, and that is what is tested then.
package transport

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"faultline/cluster/raftnode/wire"
)

// timeoutScale is the size of a snapshot that may take as long as a call; larger ones get more time.
const timeoutScale = 256 * 1024

// writeSize is how much of a snapshot is written at a time.
const writeSize = 256 * 1024

// Config is what a transport needs. All of it is.
type Config struct {
	Stream  raft.StreamLayer
	Logger  hclog.Logger
	MaxPool int           // idle connections to a node that are kept
	Timeout time.Duration // of a call
}

// Transport implements raft.Transport, raft.WithPreVote and raft.WithClose.
type Transport struct {
	config   Config
	local    []byte // LocalAddr
	requests chan raft.RPC
	shutdown chan struct{}

	mu        sync.Mutex // guards what follows
	idle      map[raft.ServerAddress][]*conn
	heartbeat func(raft.RPC)
	closed    bool
}

var _ interface {
	raft.Transport
	raft.WithPreVote
	raft.WithClose
} = (*Transport)(nil)

// New returns a transport that listens. Close it when it is no longer used.
func New(c Config) *Transport {
	t := &Transport{config: c, local: []byte(c.Stream.Addr().String()), requests: make(chan raft.RPC), shutdown: make(chan struct{}), idle: map[raft.ServerAddress][]*conn{}}
	go t.listen()
	return t
}

// Close has the transport take no more requests. Connections end with the host, or with the other end.
func (t *Transport) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.closed = true
	close(t.shutdown)
	return t.config.Stream.Close()
}

// Consumer returns the channel of requests.
func (t *Transport) Consumer() <-chan raft.RPC { return t.requests }

// LocalAddr is where the transport listens.
func (t *Transport) LocalAddr() raft.ServerAddress {
	return raft.ServerAddress(t.local)
}

// EncodePeer is an address as it stands in messages. Raft asks for its own, and changes no byte of it.
func (t *Transport) EncodePeer(_ raft.ServerID, addr raft.ServerAddress) []byte {
	if string(addr) == string(t.local) {
		return t.local
	}
	return []byte(addr)
}

// DecodePeer undoes EncodePeer.
func (t *Transport) DecodePeer(b []byte) raft.ServerAddress { return raft.ServerAddress(b) }

// SetHeartbeatHandler has heartbeats answered by f, so that they do not wait behind other requests.
func (t *Transport) SetHeartbeatHandler(f func(raft.RPC)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.heartbeat = f
}

// AppendEntriesPipeline opens none: raft then makes calls.
func (t *Transport) AppendEntriesPipeline(raft.ServerID, raft.ServerAddress) (raft.AppendPipeline, error) {
	return nil, raft.ErrPipelineReplicationNotSupported
}

// AppendEntries makes a call.
func (t *Transport) AppendEntries(_ raft.ServerID, to raft.ServerAddress, args *raft.AppendEntriesRequest, resp *raft.AppendEntriesResponse) error {
	return t.call(to, wire.AppendEntries, args, resp)
}

// RequestVote makes a call.
func (t *Transport) RequestVote(_ raft.ServerID, to raft.ServerAddress, args *raft.RequestVoteRequest, resp *raft.RequestVoteResponse) error {
	return t.call(to, wire.RequestVote, args, resp)
}

// RequestPreVote makes a call.
func (t *Transport) RequestPreVote(_ raft.ServerID, to raft.ServerAddress, args *raft.RequestPreVoteRequest, resp *raft.RequestPreVoteResponse) error {
	return t.call(to, wire.RequestPreVote, args, resp)
}

// TimeoutNow makes a call.
func (t *Transport) TimeoutNow(_ raft.ServerID, to raft.ServerAddress, args *raft.TimeoutNowRequest, resp *raft.TimeoutNowResponse) error {
	return t.call(to, wire.TimeoutNow, args, resp)
}

// InstallSnapshot makes a call that data follows. Its connection is not used again.
func (t *Transport) InstallSnapshot(_ raft.ServerID, to raft.ServerAddress, args *raft.InstallSnapshotRequest, resp *raft.InstallSnapshotResponse, data io.Reader) error {
	c, err := t.connection(to)
	if err != nil {
		return err
	}
	defer c.close()
	timeout := t.config.Timeout * time.Duration(max(1, args.Size/timeoutScale))
	_ = c.SetDeadline(time.Now().Add(timeout)) // a connection that is gone says so when it is used
	if err := c.send(wire.InstallSnapshot, args); err != nil {
		return err
	}
	w := bufio.NewWriterSize(c, writeSize)
	if _, err := io.Copy(w, data); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = c.receive(resp)
	return err
}

func (t *Transport) call(to raft.ServerAddress, kind byte, args, resp any) error {
	c, err := t.connection(to)
	if err != nil {
		return err
	}
	_ = c.SetDeadline(time.Now().Add(t.config.Timeout)) // as above
	if err := c.send(kind, args); err != nil {
		return err
	}
	whole, err := c.receive(resp)
	if whole {
		t.keep(c)
	}
	return err
}

// connection returns one that is idle, or a new one.
func (t *Transport) connection(to raft.ServerAddress) (*conn, error) {
	if c := t.kept(to); c != nil {
		return c, nil
	}
	c, err := t.config.Stream.Dial(to, t.config.Timeout)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, to: to, decoder: wire.NewDecoder(c)}, nil
}

func (t *Transport) kept(to raft.ServerAddress) *conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	idle := t.idle[to]
	if len(idle) == 0 {
		return nil
	}
	last := len(idle) - 1
	c := idle[last]
	idle[last], t.idle[to] = nil, idle[:last]
	return c
}

func (t *Transport) keep(c *conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || len(t.idle[c.to]) >= t.config.MaxPool {
		c.close()
		return
	}
	t.idle[c.to] = append(t.idle[c.to], c)
}

// conn is a connection at the end that makes calls.
type conn struct {
	net.Conn
	to      raft.ServerAddress
	decoder *wire.Decoder
	out     []byte // the room of the last request
}

func (c *conn) close() { _ = c.Conn.Close() } // it was closed before, or its host is down

// send sends a request. A connection on which that fails is closed.
func (c *conn) send(kind byte, args any) error {
	c.out = wire.Append(append(c.out[:0], kind), args)
	_, err := c.Write(c.out)
	if err != nil {
		c.close()
	}
	return err
}

// receive reads the answer to a request. If it is whole, which it may be as an error, the connection can be used again; else it is closed.
func (c *conn) receive(resp any) (whole bool, err error) {
	failure, err := c.decoder.Text()
	if err == nil {
		err = c.decoder.Decode(resp)
	}
	switch {
	case err != nil:
		c.close()
		return false, err
	case failure != "":
		return true, errors.New(failure)
	}
	return true, nil
}
