package raftkv

import (
	"fmt"

	"github.com/hashicorp/go-msgpack/v2/codec"
	"github.com/hashicorp/raft"
)

// raftProtocol is that of raft's NetworkTransport: a byte that says what follows and the request, as MessagePack;
// the answer is an error, as text, and the response.
type raftProtocol struct {
	decoder *codec.Decoder
}

func newRaftProtocol() raftProtocol {
	return raftProtocol{codec.NewDecoderBytes(nil, &codec.MsgpackHandle{})}
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

func (p raftProtocol) request(b []byte) (m parsed, ok bool) {
	if len(b) == 0 {
		return parsed{}, false
	}
	payload := 0
	switch b[0] {
	case rpcAppendEntries:
		var r raft.AppendEntriesRequest
		m.size, ok = p.decode(b[1:], &r)
		m.kind, m.term, m.detail = kindAppend, r.Term, appendDetail(&r)
		if isHeartbeat(&r) {
			m.kind, m.detail = kindHeartbeat, ""
		}
	case rpcRequestVote:
		var r raft.RequestVoteRequest
		m.size, ok = p.decode(b[1:], &r)
		m.kind, m.term, m.detail = kindVote, r.Term, fmt.Sprintf("last %d/%d", r.LastLogIndex, r.LastLogTerm)
		if r.LeadershipTransfer {
			m.detail += ", as the leader wishes"
		}
	case rpcRequestPreVote:
		var r raft.RequestPreVoteRequest
		m.size, ok = p.decode(b[1:], &r)
		m.kind, m.term, m.detail = kindPreVote, r.Term, fmt.Sprintf("last %d/%d", r.LastLogIndex, r.LastLogTerm)
	case rpcInstallSnapshot:
		var r raft.InstallSnapshotRequest
		m.size, ok = p.decode(b[1:], &r)
		m.kind, m.term, m.detail = kindInstall, r.Term, fmt.Sprintf("up to %d/%d, %d bytes", r.LastLogIndex, r.LastLogTerm, r.Size)
		payload = int(r.Size)
	case rpcTimeoutNow:
		var r raft.TimeoutNowRequest
		m.size, ok = p.decode(b[1:], &r)
		m.kind = kindNow
	default:
		return parsed{}, false
	}
	m.size += 1 + payload
	return m, ok && m.size <= len(b)
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

func (p raftProtocol) response(kind string, b []byte) (parsed, bool) {
	var failure string
	size, ok := p.decode(b, &failure)
	if !ok {
		return parsed{}, false
	}
	m := parsed{kind: kind + "Response"}
	var rest int
	switch b := b[size:]; kind {
	case kindAppend, kindHeartbeat:
		var r raft.AppendEntriesResponse
		rest, ok = p.decode(b, &r)
		m.term, m.detail = r.Term, fmt.Sprintf("%s, last %d", either(r.Success, "success", "refused"), r.LastLog)
		if kind == kindHeartbeat {
			m.kind, m.detail = kindHeartbeat+" response", either(r.Success, "", "refused")
		}
	case kindVote:
		var r raft.RequestVoteResponse
		rest, ok = p.decode(b, &r)
		m.term, m.detail = r.Term, either(r.Granted, "granted", "refused")
	case kindPreVote:
		var r raft.RequestPreVoteResponse
		rest, ok = p.decode(b, &r)
		m.term, m.detail = r.Term, either(r.Granted, "granted", "refused")
	case kindInstall:
		var r raft.InstallSnapshotResponse
		rest, ok = p.decode(b, &r)
		m.term, m.detail = r.Term, either(r.Success, "installed", "refused")
	default:
		var r raft.TimeoutNowResponse
		rest, ok = p.decode(b, &r)
	}
	if failure != "" {
		m.detail = brief(failure)
	}
	m.size = size + rest
	return m, ok
}

func either(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// decode reads the value that b begins with, and says how long it is.
func (p raftProtocol) decode(b []byte, v any) (size int, ok bool) {
	p.decoder.ResetBytes(b)
	err := p.decoder.Decode(v)
	return p.decoder.NumBytesRead(), err == nil
}
