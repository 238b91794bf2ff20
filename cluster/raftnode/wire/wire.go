// Package wire is the format in which hashicorp/raft's NetworkTransport sends its messages, by a codec that knows no other.
//
// The bytes are those of raft's own codec, go-msgpack, which finds the fields of a message by reflection: structs are maps, with the
// names of fields as keys, in the order of the alphabet; strings and bytes are both of the type raw of MessagePack before 2013;
// an instant is what time.Time.MarshalBinary makes of it. A Decoder reads what Append or raft itself has written, and nothing else: of
// other bytes it says that they are no message.
//
// A request is a byte that says what it is, and the request. The answer is an error, as text, and the response.
package wire

import (
	"fmt"
	"time"

	"github.com/hashicorp/raft"
)

// The first byte of a request, as in raft's net_transport.go.
const (
	AppendEntries byte = iota
	RequestVote
	InstallSnapshot
	TimeoutNow
	RequestPreVote
)

// fields goes through the fields of a message in the order of the wire, to write them or to read them: each method returns the value that
// the field has then.
type fields interface {
	begin(count int)
	uint(name string, v uint64) uint64
	int(name string, v int64) int64
	bool(name string, v bool) bool
	bytes(name string, v []byte) []byte
	entries(name string, v []*raft.Log) []*raft.Log
	time(name string, v time.Time) time.Time
}

// visit goes through a message, which is a pointer to one of raft's. Other types are a mistake of the caller.
func visit(f fields, message any) {
	switch m := message.(type) {
	case *raft.AppendEntriesRequest:
		appendEntriesRequest(f, m)
	case *raft.AppendEntriesResponse:
		appendEntriesResponse(f, m)
	case *raft.RequestVoteRequest:
		requestVoteRequest(f, m)
	case *raft.RequestVoteResponse:
		requestVoteResponse(f, m)
	case *raft.RequestPreVoteRequest:
		requestPreVoteRequest(f, m)
	case *raft.RequestPreVoteResponse:
		requestPreVoteResponse(f, m)
	case *raft.InstallSnapshotRequest:
		installSnapshotRequest(f, m)
	case *raft.InstallSnapshotResponse:
		installSnapshotResponse(f, m)
	case *raft.TimeoutNowRequest:
		header(f, &m.RPCHeader)
	case *raft.TimeoutNowResponse:
		header(f, &m.RPCHeader)
	default:
		panic(fmt.Sprintf("wire: %T is no message of raft", message))
	}
}

func appendEntriesRequest(f fields, m *raft.AppendEntriesRequest) {
	f.begin(9)
	m.Addr = f.bytes("Addr", m.Addr)
	m.Entries = f.entries("Entries", m.Entries)
	m.ID = f.bytes("ID", m.ID)
	//lint:ignore SA1019 it is in the message all the same
	m.Leader = f.bytes("Leader", m.Leader)
	m.LeaderCommitIndex = f.uint("LeaderCommitIndex", m.LeaderCommitIndex)
	m.PrevLogEntry = f.uint("PrevLogEntry", m.PrevLogEntry)
	m.PrevLogTerm = f.uint("PrevLogTerm", m.PrevLogTerm)
	m.ProtocolVersion = version(f, "ProtocolVersion", m.ProtocolVersion)
	m.Term = f.uint("Term", m.Term)
}

func appendEntriesResponse(f fields, m *raft.AppendEntriesResponse) {
	f.begin(7)
	m.Addr = f.bytes("Addr", m.Addr)
	m.ID = f.bytes("ID", m.ID)
	m.LastLog = f.uint("LastLog", m.LastLog)
	m.NoRetryBackoff = f.bool("NoRetryBackoff", m.NoRetryBackoff)
	m.ProtocolVersion = version(f, "ProtocolVersion", m.ProtocolVersion)
	m.Success = f.bool("Success", m.Success)
	m.Term = f.uint("Term", m.Term)
}

func requestVoteRequest(f fields, m *raft.RequestVoteRequest) {
	f.begin(8)
	m.Addr = f.bytes("Addr", m.Addr)
	//lint:ignore SA1019 it is in the message all the same
	m.Candidate = f.bytes("Candidate", m.Candidate)
	m.ID = f.bytes("ID", m.ID)
	m.LastLogIndex = f.uint("LastLogIndex", m.LastLogIndex)
	m.LastLogTerm = f.uint("LastLogTerm", m.LastLogTerm)
	m.LeadershipTransfer = f.bool("LeadershipTransfer", m.LeadershipTransfer)
	m.ProtocolVersion = version(f, "ProtocolVersion", m.ProtocolVersion)
	m.Term = f.uint("Term", m.Term)
}

func requestVoteResponse(f fields, m *raft.RequestVoteResponse) {
	f.begin(6)
	m.Addr = f.bytes("Addr", m.Addr)
	m.Granted = f.bool("Granted", m.Granted)
	m.ID = f.bytes("ID", m.ID)
	m.Peers = f.bytes("Peers", m.Peers)
	m.ProtocolVersion = version(f, "ProtocolVersion", m.ProtocolVersion)
	m.Term = f.uint("Term", m.Term)
}

func requestPreVoteRequest(f fields, m *raft.RequestPreVoteRequest) {
	f.begin(6)
	m.Addr = f.bytes("Addr", m.Addr)
	m.ID = f.bytes("ID", m.ID)
	m.LastLogIndex = f.uint("LastLogIndex", m.LastLogIndex)
	m.LastLogTerm = f.uint("LastLogTerm", m.LastLogTerm)
	m.ProtocolVersion = version(f, "ProtocolVersion", m.ProtocolVersion)
	m.Term = f.uint("Term", m.Term)
}

func requestPreVoteResponse(f fields, m *raft.RequestPreVoteResponse) {
	f.begin(5)
	m.Addr = f.bytes("Addr", m.Addr)
	m.Granted = f.bool("Granted", m.Granted)
	m.ID = f.bytes("ID", m.ID)
	m.ProtocolVersion = version(f, "ProtocolVersion", m.ProtocolVersion)
	m.Term = f.uint("Term", m.Term)
}

func installSnapshotRequest(f fields, m *raft.InstallSnapshotRequest) {
	f.begin(12)
	m.Addr = f.bytes("Addr", m.Addr)
	m.Configuration = f.bytes("Configuration", m.Configuration)
	m.ConfigurationIndex = f.uint("ConfigurationIndex", m.ConfigurationIndex)
	m.ID = f.bytes("ID", m.ID)
	m.LastLogIndex = f.uint("LastLogIndex", m.LastLogIndex)
	m.LastLogTerm = f.uint("LastLogTerm", m.LastLogTerm)
	m.Leader = f.bytes("Leader", m.Leader)
	m.Peers = f.bytes("Peers", m.Peers)
	m.ProtocolVersion = version(f, "ProtocolVersion", m.ProtocolVersion)
	m.Size = f.int("Size", m.Size)
	m.SnapshotVersion = version(f, "SnapshotVersion", m.SnapshotVersion)
	m.Term = f.uint("Term", m.Term)
}

func installSnapshotResponse(f fields, m *raft.InstallSnapshotResponse) {
	f.begin(5)
	m.Addr = f.bytes("Addr", m.Addr)
	m.ID = f.bytes("ID", m.ID)
	m.ProtocolVersion = version(f, "ProtocolVersion", m.ProtocolVersion)
	m.Success = f.bool("Success", m.Success)
	m.Term = f.uint("Term", m.Term)
}

// header is all that a message of TimeoutNow has.
func header(f fields, h *raft.RPCHeader) {
	f.begin(3)
	h.Addr = f.bytes("Addr", h.Addr)
	h.ID = f.bytes("ID", h.ID)
	h.ProtocolVersion = version(f, "ProtocolVersion", h.ProtocolVersion)
}

func entry(f fields, l *raft.Log) {
	f.begin(6)
	l.AppendedAt = f.time("AppendedAt", l.AppendedAt)
	l.Data = f.bytes("Data", l.Data)
	l.Extensions = f.bytes("Extensions", l.Extensions)
	l.Index = f.uint("Index", l.Index)
	l.Term = f.uint("Term", l.Term)
	l.Type = raft.LogType(f.uint("Type", uint64(l.Type)))
}

// version is a field of one of raft's types of versions.
func version[V raft.ProtocolVersion | raft.SnapshotVersion](f fields, name string, v V) V {
	return V(f.int(name, int64(v)))
}

// IsHeartbeat reports whether a request is a heartbeat, as raft's transport tells.
func IsHeartbeat(r *raft.AppendEntriesRequest) bool {
	return r.Term != 0 && r.PrevLogEntry == 0 && r.PrevLogTerm == 0 && len(r.Entries) == 0 && r.LeaderCommitIndex == 0
}
