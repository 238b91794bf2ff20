package transport

import (
	"bytes"
	"errors"
	"io"
	"net"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"faultline/cluster/network"
)

const timeout = time.Second

// either is what raft's own transport and this one have in common.
type either interface {
	raft.Transport
	raft.WithPreVote
	raft.WithClose
}

// layer is raft's StreamLayer on a host.
type layer struct {
	net.Listener
	host *network.Host
}

func (l layer) Dial(addr raft.ServerAddress, timeout time.Duration) (net.Conn, error) {
	return l.host.Dial(string(addr), timeout)
}

func ours(l layer) either {
	return New(Config{Stream: l, MaxPool: 2, Timeout: timeout, Logger: hclog.NewNullLogger()})
}

func raftsOwn(l layer) either {
	return raft.NewNetworkTransportWithConfig(&raft.NetworkTransportConfig{Stream: l, MaxPool: 2, MaxRPCsInFlight: 1, Timeout: timeout, Logger: hclog.NewNullLogger()})
}

// between has a call b, in a bubble, where one of them is a transport of raft's own or neither is. What b is asked, answer answers.
func between(t *testing.T, answer func(raft.RPC), f func(t *testing.T, n *network.Network, a, b either)) {
	for _, ends := range []struct {
		name string
		a, b func(layer) either
	}{{"ours calls ours", ours, ours}, {"ours calls raft's", ours, raftsOwn}, {"raft's calls ours", raftsOwn, ours}} {
		t.Run(ends.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := network.New(network.Config{})
				var hosts []*network.Host
				open := func(name string, of func(layer) either) either {
					host := n.Attach(name)
					listener, err := host.Listen("1")
					if err != nil {
						t.Fatal(err)
					}
					hosts = append(hosts, host)
					return of(layer{listener, host})
				}
				a, b := open("a", ends.a), open("b", ends.b)
				over := make(chan struct{})
				go func() {
					for {
						select {
						case rpc := <-b.Consumer():
							answer(rpc)
						case <-over:
							return
						}
					}
				}()
				f(t, n, a, b)
				for _, h := range hosts {
					h.Kill()
				}
				_, _ = a.Close(), b.Close()
				close(over)
				time.Sleep(time.Minute)
			})
		})
	}
}

// TestCallsArriveAsTheyWereMade, each of its kind, and so do their answers.
func TestCallsArriveAsTheyWereMade(t *testing.T) {
	header := raft.RPCHeader{ProtocolVersion: 3, ID: []byte("a"), Addr: []byte("a:1")}
	state := bytes.Repeat([]byte("state "), 1<<17)
	var asked []any
	answer := func(rpc raft.RPC) {
		asked = append(asked, rpc.Command)
		switch rpc.Command.(type) {
		case *raft.AppendEntriesRequest:
			rpc.Respond(&raft.AppendEntriesResponse{RPCHeader: header, Term: 2, LastLog: 300, Success: true, NoRetryBackoff: true}, nil)
		case *raft.RequestVoteRequest:
			rpc.Respond(&raft.RequestVoteResponse{RPCHeader: header, Term: 2, Granted: true}, errors.New("and an error"))
		case *raft.RequestPreVoteRequest:
			rpc.Respond(nil, errors.New("nothing but an error"))
		case *raft.InstallSnapshotRequest:
			got, err := io.ReadAll(rpc.Reader)
			rpc.Respond(&raft.InstallSnapshotResponse{Success: err == nil && bytes.Equal(got, state)}, nil)
		default:
			rpc.Respond(&raft.TimeoutNowResponse{RPCHeader: header}, nil)
		}
	}
	between(t, answer, func(t *testing.T, n *network.Network, a, b either) {
		asked = nil
		entry := &raft.Log{Index: 1, Term: 2, Data: []byte("data"), AppendedAt: time.Now()}
		appendTo := &raft.AppendEntriesRequest{RPCHeader: header, Term: 2, PrevLogEntry: 70_000, Entries: []*raft.Log{entry}}
		vote := &raft.RequestVoteRequest{RPCHeader: header, Term: 2, LastLogIndex: 300, LeadershipTransfer: true}
		preVote := &raft.RequestPreVoteRequest{RPCHeader: header, Term: 3}
		install := &raft.InstallSnapshotRequest{RPCHeader: header, SnapshotVersion: 1, Size: int64(len(state))}
		now := &raft.TimeoutNowRequest{RPCHeader: header}

		var appended raft.AppendEntriesResponse
		if err := a.AppendEntries("b", "b:1", appendTo, &appended); err != nil || appended.LastLog != 300 || !appended.Success || !appended.NoRetryBackoff {
			t.Errorf("AppendEntries: %+v, %v", appended, err)
		}
		var voted raft.RequestVoteResponse
		if err := a.RequestVote("b", "b:1", vote, &voted); err == nil || err.Error() != "and an error" || !voted.Granted {
			t.Errorf("RequestVote: %+v, %v", voted, err)
		}
		if err := a.RequestPreVote("b", "b:1", preVote, new(raft.RequestPreVoteResponse)); err == nil || err.Error() != "nothing but an error" {
			t.Errorf("RequestPreVote: %v", err)
		}
		var installed raft.InstallSnapshotResponse
		if err := a.InstallSnapshot("b", "b:1", install, &installed, bytes.NewReader(state)); err != nil || !installed.Success {
			t.Errorf("InstallSnapshot: %+v, %v", installed, err)
		}
		var told raft.TimeoutNowResponse
		if err := a.TimeoutNow("b", "b:1", now, &told); err != nil || string(told.Addr) != "a:1" {
			t.Errorf("TimeoutNow: %+v, %v", told, err)
		}
		if len(asked) > 0 { // an instant loses its monotonic clock on the way
			asked[0].(*raft.AppendEntriesRequest).Entries[0].AppendedAt = entry.AppendedAt
		}
		if want := []any{appendTo, vote, preVote, install, now}; !reflect.DeepEqual(asked, want) {
			t.Errorf("asked %+v", asked)
		}
	})
}

// TestHeartbeatsPassByTheQueue: those who consume requests never see them.
func TestHeartbeatsPassByTheQueue(t *testing.T) {
	queued := func(rpc raft.RPC) { rpc.Respond(nil, errors.New("queued")) }
	between(t, queued, func(t *testing.T, n *network.Network, a, b either) {
		b.SetHeartbeatHandler(func(rpc raft.RPC) { rpc.Respond(&raft.AppendEntriesResponse{Success: true}, nil) })
		beat := &raft.AppendEntriesRequest{Term: 1, RPCHeader: raft.RPCHeader{Addr: []byte("a:1")}}
		if err := a.AppendEntries("b", "b:1", beat, new(raft.AppendEntriesResponse)); err != nil {
			t.Error(err)
		}
		beat.LeaderCommitIndex = 1
		if err := a.AppendEntries("b", "b:1", beat, new(raft.AppendEntriesResponse)); err == nil {
			t.Error("a request to append passed by the queue")
		}
	})
}

// TestACallIntoACutEndsWithItsDeadline, and the next one has a new connection.
func TestACallIntoACutEndsWithItsDeadline(t *testing.T) {
	answer := func(rpc raft.RPC) { rpc.Respond(new(raft.AppendEntriesResponse), nil) }
	between(t, answer, func(t *testing.T, n *network.Network, a, b either) {
		call := func() error {
			return a.AppendEntries("b", "b:1", new(raft.AppendEntriesRequest), new(raft.AppendEntriesResponse))
		}
		if err := call(); err != nil {
			t.Fatal(err)
		}
		n.Cut("a", "b")
		before := time.Now()
		if err := call(); err == nil || time.Since(before) != timeout {
			t.Errorf("after %v: %v", time.Since(before), err)
		}
		n.Mend("a", "b")
		if err := call(); err != nil {
			t.Errorf("after the mend: %v", err)
		}
	})
}
