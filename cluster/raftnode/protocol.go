package raftnode

import (
	"fmt"

	"github.com/hashicorp/go-msgpack/v2/codec"
	"github.com/hashicorp/raft"

	"faultline/cluster/sim/trace"
)

// protocol is that of raft's NetworkTransport: a byte that says what follows and the request, as MessagePack;
// the answer is an error, as text, and the response.
type protocol struct {
	decoder *codec.Decoder
}

func newProtocol() trace.Protocol {
	return protocol{codec.NewDecoderBytes(nil, &codec.MsgpackHandle{})}
}

// The requests by their first bytes, as in raft's net_transport.go.
const (
	rpcAppendEntries = iota
	rpcRequestVote
	rpcInstallSnapshot
	rpcTimeoutNow
	rpcRequestPreVote
)

// The kinds of raft's requests.
const (
	kindAppend    = "AppendEntries"
	kindHeartbeat = "heartbeat"
	kindVote      = "RequestVote"
	kindPreVote   = "RequestPreVote"
	kindInstall   = "InstallSnapshot"
	kindNow       = "TimeoutNow"
)

func (p protocol) Request(b []byte) (m trace.Parsed, ok bool) {
	if len(b) == 0 {
		return trace.Parsed{}, false
	}
	payload := 0
	switch b[0] {
	case rpcAppendEntries:
		var r raft.AppendEntriesRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind, m.Term, m.Detail = kindAppend, r.Term, appendDetail(&r)
		if isHeartbeat(&r) {
			m.Kind, m.Detail = kindHeartbeat, ""
		}
	case rpcRequestVote:
		var r raft.RequestVoteRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind, m.Term, m.Detail = kindVote, r.Term, fmt.Sprintf("last %d/%d", r.LastLogIndex, r.LastLogTerm)
		if r.LeadershipTransfer {
			m.Detail += ", as the leader wishes"
		}
	case rpcRequestPreVote:
		var r raft.RequestPreVoteRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind, m.Term, m.Detail = kindPreVote, r.Term, fmt.Sprintf("last %d/%d", r.LastLogIndex, r.LastLogTerm)
	case rpcInstallSnapshot:
		var r raft.InstallSnapshotRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind, m.Term, m.Detail = kindInstall, r.Term, fmt.Sprintf("up to %d/%d, %d bytes", r.LastLogIndex, r.LastLogTerm, r.Size)
		payload = int(r.Size)
	case rpcTimeoutNow:
		var r raft.TimeoutNowRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind = kindNow
	default:
		return trace.Parsed{}, false
	}
	m.Size += 1 + payload
	return m, ok && m.Size <= len(b)
}

// isHeartbeat is how raft's transport tells.
func isHeartbeat(r *raft.AppendEntriesRequest) bool {
	return r.Term != 0 && r.PrevLogEntry == 0 && r.PrevLogTerm == 0 && len(r.Entries) == 0 && r.LeaderCommitIndex == 0
}

func appendDetail(r *raft.AppendEntriesRequest) string {
	entries := "no entries"
	switch n := len(r.Entries); {
	case n == 1:
		entries = fmt.Sprintf("entry %d", r.Entries[0].Index)
	case n > 1:
		entries = fmt.Sprintf("entries %d-%d", r.Entries[0].Index, r.Entries[n-1].Index)
	}
	return fmt.Sprintf("prev %d/%d, %s, commit %d", r.PrevLogEntry, r.PrevLogTerm, entries, r.LeaderCommitIndex)
}

func (p protocol) Response(kind string, b []byte) (trace.Parsed, bool) {
	var failure string
	size, ok := p.decode(b, &failure)
	if !ok {
		return trace.Parsed{}, false
	}
	m := trace.Parsed{Kind: kind + "Response"}
	var rest int
	switch b := b[size:]; kind {
	case kindAppend, kindHeartbeat:
		var r raft.AppendEntriesResponse
		rest, ok = p.decode(b, &r)
		m.Term, m.Detail = r.Term, fmt.Sprintf("%s, last %d", either(r.Success, "success", "refused"), r.LastLog)
		if kind == kindHeartbeat {
			m.Kind, m.Detail = kindHeartbeat+" response", either(r.Success, "", "refused")
		}
	case kindVote:
		var r raft.RequestVoteResponse
		rest, ok = p.decode(b, &r)
		m.Term, m.Detail = r.Term, either(r.Granted, "granted", "refused")
	case kindPreVote:
		var r raft.RequestPreVoteResponse
		rest, ok = p.decode(b, &r)
		m.Term, m.Detail = r.Term, either(r.Granted, "granted", "refused")
	case kindInstall:
		var r raft.InstallSnapshotResponse
		rest, ok = p.decode(b, &r)
		m.Term, m.Detail = r.Term, either(r.Success, "installed", "refused")
	default:
		var r raft.TimeoutNowResponse
		rest, ok = p.decode(b, &r)
	}
	if failure != "" {
		m.Detail = trace.Brief(failure)
	}
	m.Size = size + rest
	return m, ok
}

func either(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// decode reads the value that b begins with, and says how long it is.
func (p protocol) decode(b []byte, v any) (size int, ok bool) {
	p.decoder.ResetBytes(b)
	err := p.decoder.Decode(v)
	return p.decoder.NumBytesRead(), err == nil
}
