package raftkv

import (
	"encoding/binary"
	"time"

	"faultline/cluster/sim/rpc"
)

// The protocol between a client and a node, and between nodes in addition to raft's own: a request, then its
// response, each in a frame. One connection carries one at a time.

// request asks a node to run a command, or, where Term is not 0, whether a leader of that term may
// still believe in itself.
type request struct {
	Term    uint64
	Promise time.Duration // for how long nobody else may lead, if the node is to see to that
	Seen    uint64        // the latest index that the client has seen; 0 if the node need not know
	Command command
}

// encode makes a frame in the room of b. It leaves out what is 0 of the fields that only some levels need.
func (r *request) encode(b []byte) []byte {
	b = binary.AppendUvarint(rpc.BeginFrame(b), r.Term)
	optional := uint64(r.Promise)
	if r.Term == 0 {
		b = r.Command.append(b)
		optional = r.Seen
	}
	if optional != 0 {
		b = binary.AppendUvarint(b, optional)
	}
	return rpc.Frame(b)
}

func decodeRequest(b []byte) (request, error) {
	d := decoder{b: b}
	r := request{Term: d.uvarint()}
	optional := func() uint64 {
		if len(d.b) == 0 {
			return 0
		}
		return d.uvarint()
	}
	if r.Term != 0 {
		r.Promise = time.Duration(optional())
	} else {
		r.Command = d.command()
		r.Seen = optional()
	}
	return r, d.end()
}

// response is a node's answer.
type response struct {
	Code   code
	Leader string // where to ask instead, if it is known
	Error  string
	Result result
}

// encode makes a frame in the room of b.
func (r *response) encode(b []byte) []byte {
	b = append(rpc.BeginFrame(b), byte(r.Code))
	b = appendString(b, r.Leader)
	b = appendString(b, r.Error)
	return rpc.Frame(r.Result.encode(b))
}

func decodeResponse(b []byte) (response, error) {
	d := decoder{b: b}
	r := response{Code: code(d.byte()), Leader: d.string(), Error: d.string(), Result: d.result()}
	return r, d.end()
}
