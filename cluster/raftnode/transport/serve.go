package transport

import (
	"fmt"
	"io"
	"net"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/raftnode/wire"
)

// The pauses after connections that could not be accepted grow from the first to the second.
const (
	firstPause = 5 * time.Millisecond
	maxPause   = time.Second
)

// listen accepts connections until the transport is closed.
func (t *Transport) listen() {
	var pause time.Duration
	for {
		c, err := t.config.Stream.Accept()
		if err == nil {
			pause = 0
			go t.serve(c)
			continue
		}
		pause = min(max(firstPause, 2*pause), maxPause)
		if !t.over() {
			t.config.Logger.Error("failed to accept connection", "error", err)
		}
		select {
		case <-t.shutdown:
			return
		case <-time.After(pause):
		}
	}
}

func (t *Transport) over() bool {
	select {
	case <-t.shutdown:
		return true
	default:
		return false
	}
}

// serve answers the requests of a connection, one after the other.
func (t *Transport) serve(c net.Conn) {
	defer c.Close()
	s := &served{t: t, decoder: wire.NewDecoder(c), answered: make(chan raft.RPCResponse, 1)}
	for {
		answer, err := s.answer()
		switch {
		case err == io.EOF:
			return
		case err != nil:
			t.config.Logger.Error("failed to decode incoming command", "error", err)
			return
		}
		if _, err := c.Write(answer); err != nil {
			t.config.Logger.Error("failed to flush response", "error", err)
			return
		}
	}
}

// served is a connection at the end that answers calls.
type served struct {
	t        *Transport
	decoder  *wire.Decoder
	answered chan raft.RPCResponse     // of the request under way: the next one is taken when it is answered
	entries  raft.AppendEntriesRequest // the last one of its kind: raft keeps what is in it, and not itself
	out      []byte                    // the room of the last answer
}

// answer takes a request, has it answered, and returns the answer. The error is io.EOF if the caller has ended the connection.
func (s *served) answer() ([]byte, error) {
	kind, err := s.decoder.Byte()
	if err != nil {
		return nil, err
	}
	rpc := raft.RPC{RespChan: s.answered}
	if rpc.Command, err = s.request(kind); err != nil {
		return nil, err
	}
	if install, ok := rpc.Command.(*raft.InstallSnapshotRequest); ok {
		rpc.Reader = io.LimitReader(s.decoder, install.Size)
	}
	if err := s.t.hand(rpc); err != nil {
		return nil, err
	}
	select {
	case response := <-s.answered:
		s.out = s.out[:0]
		if response.Error == nil {
			s.out = wire.AppendText(s.out, "")
		} else {
			s.out = wire.AppendText(s.out, response.Error.Error())
		}
		s.out = wire.Append(s.out, response.Response)
		return s.out, nil
	case <-s.t.shutdown:
		return nil, raft.ErrTransportShutdown
	}
}

// request reads what follows the first byte.
func (s *served) request(kind byte) (request any, err error) {
	switch kind {
	case wire.AppendEntries:
		s.entries = raft.AppendEntriesRequest{}
		request = &s.entries
	case wire.RequestVote:
		request = new(raft.RequestVoteRequest)
	case wire.RequestPreVote:
		request = new(raft.RequestPreVoteRequest)
	case wire.InstallSnapshot:
		request = new(raft.InstallSnapshotRequest)
	case wire.TimeoutNow:
		request = new(raft.TimeoutNowRequest)
	default:
		return nil, fmt.Errorf("unknown rpc type %d", kind)
	}
	return request, s.decoder.Decode(request)
}

// hand gives a request to raft: heartbeats to their handler, all others in turn.
func (t *Transport) hand(rpc raft.RPC) error {
	if r, ok := rpc.Command.(*raft.AppendEntriesRequest); ok && wire.IsHeartbeat(r) {
		t.mu.Lock()
		heartbeat := t.heartbeat
		t.mu.Unlock()
		if heartbeat != nil {
			heartbeat(rpc)
			return nil
		}
	}
	select {
	case t.requests <- rpc:
		return nil
	case <-t.shutdown:
		return raft.ErrTransportShutdown
	}
}
