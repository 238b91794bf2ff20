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

// fields goes through the fields of a message in the order of the wire, to append them or to set them. A caller that appends them must change none:
// raft sends one message to several nodes at once, each from a goroutine of its own.
type fields interface {
	begin(count int)
	uint(name string, v *uint64)
	int(name string, v *int64)
	bool(name string, v *bool)
	bytes(name string, v *[]byte)
	node(name string, v *[]byte) // bytes that name one
	entries(name string, v *[]*raft.Log)
	time(name string, v *time.Time)
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
	f.node("Addr", &m.Addr)
	f.entries("Entries", &m.Entries)
	f.node("ID", &m.ID)
	//lint:ignore SA1019 it is in the message all the same
	f.node("Leader", &m.Leader)
	f.uint("LeaderCommitIndex", &m.LeaderCommitIndex)
	f.uint("PrevLogEntry", &m.PrevLogEntry)
	f.uint("PrevLogTerm", &m.PrevLogTerm)
	version(f, "ProtocolVersion", &m.ProtocolVersion)
	f.uint("Term", &m.Term)
}

func appendEntriesResponse(f fields, m *raft.AppendEntriesResponse) {
	f.begin(7)
	f.node("Addr", &m.Addr)
	f.node("ID", &m.ID)
	f.uint("LastLog", &m.LastLog)
	f.bool("NoRetryBackoff", &m.NoRetryBackoff)
	version(f, "ProtocolVersion", &m.ProtocolVersion)
	f.bool("Success", &m.Success)
	f.uint("Term", &m.Term)
}

func requestVoteRequest(f fields, m *raft.RequestVoteRequest) {
	f.begin(8)
	f.node("Addr", &m.Addr)
	//lint:ignore SA1019 it is in the message all the same
	f.node("Candidate", &m.Candidate)
	f.node("ID", &m.ID)
	f.uint("LastLogIndex", &m.LastLogIndex)
	f.uint("LastLogTerm", &m.LastLogTerm)
	f.bool("LeadershipTransfer", &m.LeadershipTransfer)
	version(f, "ProtocolVersion", &m.ProtocolVersion)
	f.uint("Term", &m.Term)
}

func requestVoteResponse(f fields, m *raft.RequestVoteResponse) {
	f.begin(6)
	f.node("Addr", &m.Addr)
	f.bool("Granted", &m.Granted)
	f.node("ID", &m.ID)
	f.bytes("Peers", &m.Peers)
	version(f, "ProtocolVersion", &m.ProtocolVersion)
	f.uint("Term", &m.Term)
}

func requestPreVoteRequest(f fields, m *raft.RequestPreVoteRequest) {
	f.begin(6)
	f.node("Addr", &m.Addr)
	f.node("ID", &m.ID)
	f.uint("LastLogIndex", &m.LastLogIndex)
	f.uint("LastLogTerm", &m.LastLogTerm)
	version(f, "ProtocolVersion", &m.ProtocolVersion)
	f.uint("Term", &m.Term)
}

func requestPreVoteResponse(f fields, m *raft.RequestPreVoteResponse) {
	f.begin(5)
	f.node("Addr", &m.Addr)
	f.bool("Granted", &m.Granted)
	f.node("ID", &m.ID)
	version(f, "ProtocolVersion", &m.ProtocolVersion)
	f.uint("Term", &m.Term)
}

func installSnapshotRequest(f fields, m *raft.InstallSnapshotRequest) {
	f.begin(12)
	f.node("Addr", &m.Addr)
	f.bytes("Configuration", &m.Configuration)
	f.uint("ConfigurationIndex", &m.ConfigurationIndex)
	f.node("ID", &m.ID)
	f.uint("LastLogIndex", &m.LastLogIndex)
	f.uint("LastLogTerm", &m.LastLogTerm)
	f.node("Leader", &m.Leader)
	f.bytes("Peers", &m.Peers)
	version(f, "ProtocolVersion", &m.ProtocolVersion)
	f.int("Size", &m.Size)
	version(f, "SnapshotVersion", &m.SnapshotVersion)
	f.uint("Term", &m.Term)
}

func installSnapshotResponse(f fields, m *raft.InstallSnapshotResponse) {
	f.begin(5)
	f.node("Addr", &m.Addr)
	f.node("ID", &m.ID)
	version(f, "ProtocolVersion", &m.ProtocolVersion)
	f.bool("Success", &m.Success)
	f.uint("Term", &m.Term)
}

// header is all that a message of TimeoutNow has.
func header(f fields, h *raft.RPCHeader) {
	f.begin(3)
	f.node("Addr", &h.Addr)
	f.node("ID", &h.ID)
	version(f, "ProtocolVersion", &h.ProtocolVersion)
}

func entry(f fields, l *raft.Log) {
	f.begin(6)
	f.time("AppendedAt", &l.AppendedAt)
	f.bytes("Data", &l.Data)
	f.bytes("Extensions", &l.Extensions)
	f.uint("Index", &l.Index)
	f.uint("Term", &l.Term)
	kind := uint64(l.Type)
	f.uint("Type", &kind)
	if kind != uint64(l.Type) {
		l.Type = raft.LogType(kind)
	}
}

// version is a field of one of raft's types of versions.
func version[V raft.ProtocolVersion | raft.SnapshotVersion](f fields, name string, v *V) {
	n := int64(*v)
	f.int(name, &n)
	if n != int64(*v) {
		*v = V(n)
	}
}

// IsHeartbeat reports whether a request is a heartbeat, as raft's transport tells.
func IsHeartbeat(r *raft.AppendEntriesRequest) bool {
	return r.Term != 0 && r.PrevLogEntry == 0 && r.PrevLogTerm == 0 && len(r.Entries) == 0 && r.LeaderCommitIndex == 0
}
