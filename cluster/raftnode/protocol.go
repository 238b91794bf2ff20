package raftnode

import (
	"fmt"

	"github.com/hashicorp/raft"

	"faultline/cluster/raftnode/wire"
	"faultline/cluster/sim/trace"
)

// protocol is that of raft's NetworkTransport: a byte that says what follows and the request, as MessagePack;
// the answer is an error, as text, and the response.
type protocol struct {
	decoder *wire.Decoder
}

func newProtocol() trace.Protocol { return protocol{new(wire.Decoder)} }

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
	case wire.AppendEntries:
		var r raft.AppendEntriesRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind, m.Term, m.Detail = kindAppend, r.Term, appendDetail(&r)
		if wire.IsHeartbeat(&r) {
			m.Kind, m.Detail = kindHeartbeat, ""
		}
	case wire.RequestVote:
		var r raft.RequestVoteRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind, m.Term, m.Detail = kindVote, r.Term, fmt.Sprintf("last %d/%d", r.LastLogIndex, r.LastLogTerm)
		if r.LeadershipTransfer {
			m.Detail += ", as the leader wishes"
		}
	case wire.RequestPreVote:
		var r raft.RequestPreVoteRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind, m.Term, m.Detail = kindPreVote, r.Term, fmt.Sprintf("last %d/%d", r.LastLogIndex, r.LastLogTerm)
	case wire.InstallSnapshot:
		var r raft.InstallSnapshotRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind, m.Term, m.Detail = kindInstall, r.Term, fmt.Sprintf("up to %d/%d, %d bytes", r.LastLogIndex, r.LastLogTerm, r.Size)
		payload = int(r.Size)
	case wire.TimeoutNow:
		var r raft.TimeoutNowRequest
		m.Size, ok = p.decode(b[1:], &r)
		m.Kind = kindNow
	default:
		return trace.Parsed{}, false
	}
	m.Size += 1 + payload
	return m, ok && m.Size <= len(b)
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
	p.decoder.Reset(b)
	failure, err := p.decoder.Text()
	if err != nil {
		return trace.Parsed{}, false
	}
	size := p.decoder.Taken()
	m := trace.Parsed{Kind: kind + "Response"}
	var rest int
	var ok bool
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

// decode reads the message that b begins with, and says how long it is.
func (p protocol) decode(b []byte, message any) (size int, ok bool) {
	p.decoder.Reset(b)
	err := p.decoder.Decode(message)
	return p.decoder.Taken(), err == nil
}
