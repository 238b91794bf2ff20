package rpc

import (
	"encoding/json"

	"faultline/cluster/sim/trace"
)

// Protocol reads the messages of Serve, Caller and Client.
func Protocol() trace.Protocol { return protocol{} }

type protocol struct{}

// Request implements trace.Protocol.
func (protocol) Request(b []byte) (trace.Parsed, bool) {
	var r Request
	size, ok := read(b, &r)
	return trace.Parsed{Kind: r.Kind, Term: r.Term, Detail: r.Detail, Size: size}, ok
}

// Response implements trace.Protocol.
func (protocol) Response(kind string, b []byte) (trace.Parsed, bool) {
	var r Response
	size, ok := read(b, &r)
	detail := r.Detail
	switch {
	case r.Status == Done:
	case r.Leader != "":
		detail = r.Error + ", ask " + r.Leader
	default:
		detail = r.Error
	}
	return trace.Parsed{Kind: kind + " response", Term: r.Term, Detail: detail, Size: size}, ok
}

// read reads the message in the frame that b begins with, and says how long the frame is.
func read(b []byte, message any) (size int, ok bool) {
	body, ok := FrameIn(b)
	return FrameHead + len(body), ok && json.Unmarshal(body, message) == nil
}
