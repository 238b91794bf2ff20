package network

import (
	"bytes"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
)

// The tests in this file have raft's own transport speak over the network, since it is what the network
// is for: what raft relies on is what its NetworkTransport does.

// layer is raft's StreamLayer on a host.
type layer struct {
	*Listener
}

func (l layer) Dial(addr raft.ServerAddress, timeout time.Duration) (net.Conn, error) {
	return l.host.Dial(string(addr), timeout)
}

const rpcTimeout = time.Second

// transports are raft's transports on two hosts, a and b, in a bubble. What b is asked, answer answers.
func transports(t *testing.T, answer func(raft.RPC), f func(t *testing.T, n *Network, a, b *raft.NetworkTransport)) {
	synctest.Test(t, func(t *testing.T) {
		n := New(Config{})
		transport := func(name string) *raft.NetworkTransport {
			return raft.NewNetworkTransportWithConfig(&raft.NetworkTransportConfig{
				Stream: layer{listen(t, n.Attach(name))}, MaxPool: 2, MaxRPCsInFlight: 10, Timeout: rpcTimeout, Logger: hclog.NewNullLogger()})
		}
		a, b := transport("a"), transport("b")
		go func() {
			for !b.IsShutdown() {
				select {
				case rpc := <-b.Consumer():
					answer(rpc)
				case <-time.After(time.Second):
				}
			}
		}()
		f(t, n, a, b)
		n.current["a"].Kill()
		n.current["b"].Kill()
		_, _ = a.Close(), b.Close()
		time.Sleep(time.Minute)
	})
}

func answerAppend(rpc raft.RPC) {
	req := rpc.Command.(*raft.AppendEntriesRequest)
	rpc.Respond(&raft.AppendEntriesResponse{Term: req.Term, LastLog: req.PrevLogEntry, Success: true}, nil)
}

func TestRaftCallsAreAnswered(t *testing.T) {
	transports(t, answerAppend, func(t *testing.T, n *Network, a, b *raft.NetworkTransport) {
		for i := range uint64(10) {
			var resp raft.AppendEntriesResponse
			if err := a.AppendEntries("b", "b:1", &raft.AppendEntriesRequest{Term: i}, &resp); err != nil || resp.Term != i {
				t.Fatalf("call %d: %+v, %v", i, resp, err)
			}
		}
	})
}

// TestRaftGivesUpACallIntoACut: its deadline ends the call; the next call has a new connection.
func TestRaftGivesUpACallIntoACut(t *testing.T) {
	transports(t, answerAppend, func(t *testing.T, n *Network, a, b *raft.NetworkTransport) {
		call := func() error {
			return a.AppendEntries("b", "b:1", &raft.AppendEntriesRequest{}, &raft.AppendEntriesResponse{})
		}
		if err := call(); err != nil {
			t.Fatal(err)
		}
		n.Cut("a", "b")
		before := n.elapsed()
		if err := call(); err == nil || n.elapsed()-before != rpcTimeout {
			t.Errorf("after %v: %v", n.elapsed()-before, err)
		}
		n.Mend("a", "b")
		if err := call(); err != nil {
			t.Errorf("after the mend: %v", err)
		}
	})
}

// TestRaftPipelinesThroughAShortCut: the requests in flight wait for the mend, and then are answered.
func TestRaftPipelinesThroughAShortCut(t *testing.T) {
	transports(t, answerAppend, func(t *testing.T, n *Network, a, b *raft.NetworkTransport) {
		p, err := a.AppendEntriesPipeline("b", "b:1")
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		before := n.elapsed()
		for i := range uint64(5) {
			if _, err := p.AppendEntries(&raft.AppendEntriesRequest{Term: i}, new(raft.AppendEntriesResponse)); err != nil {
				t.Fatal(err)
			}
		}
		n.Cut("a", "b")
		time.Sleep(50 * time.Millisecond)
		n.Mend("a", "b")
		for i := range uint64(5) {
			if f := <-p.Consumer(); f.Error() != nil || f.Response().Term != i {
				t.Errorf("answer %d: %+v, %v", i, f.Response(), f.Error())
			}
		}
		if passed := n.elapsed() - before; passed < firstRetransmission {
			t.Errorf("answered after %v, before they were sent again", passed)
		}
	})
}

// TestASnapshotLargerThanTheWindowArrives: the sender waits for the reader, over and over.
func TestASnapshotLargerThanTheWindowArrives(t *testing.T) {
	state := bytes.Repeat([]byte("state "), 1<<19)
	var got []byte
	answer := func(rpc raft.RPC) {
		got, _ = io.ReadAll(rpc.Reader)
		rpc.Respond(&raft.InstallSnapshotResponse{Success: true}, nil)
	}
	transports(t, answer, func(t *testing.T, n *Network, a, b *raft.NetworkTransport) {
		var resp raft.InstallSnapshotResponse
		req := &raft.InstallSnapshotRequest{SnapshotVersion: 1, Size: int64(len(state))}
		if err := a.InstallSnapshot("b", "b:1", req, &resp, bytes.NewReader(state)); err != nil || !resp.Success {
			t.Fatalf("%+v, %v", resp, err)
		}
	})
	if !bytes.Equal(got, state) {
		t.Errorf("sent %d bytes, got %d", len(state), len(got))
	}
}

// TestRaftLearnsOfADeadPeerAtOnce: from the reset of a killed process, and not from its deadline.
func TestRaftLearnsOfADeadPeerAtOnce(t *testing.T) {
	never := func(raft.RPC) {}
	transports(t, never, func(t *testing.T, n *Network, a, b *raft.NetworkTransport) {
		go func() {
			time.Sleep(50 * time.Millisecond)
			n.current["b"].Kill()
		}()
		before := n.elapsed()
		err := a.AppendEntries("b", "b:1", &raft.AppendEntriesRequest{}, &raft.AppendEntriesResponse{})
		if passed := n.elapsed() - before; err == nil || passed > 60*time.Millisecond {
			t.Errorf("after %v: %v", passed, err)
		}
	})
}
