package rpc

import (
	"encoding/json"
	"fmt"

	"faultline/cluster/sim/trace"
)

// Request is a message to a node.
type Request struct {
	Kind   string          `json:"kind"`             // in the words of the design: append, vote, write
	Term   uint64          `json:"term,omitempty"`   // or epoch, or view; 0 where there is none
	Detail string          `json:"detail,omitempty"` // for people: what a trace shows
	Body   json.RawMessage `json:"body,omitempty"`
}

// NewRequest returns a request. It panics if encoding/json cannot encode the body.
func NewRequest(kind string, term uint64, detail string, body any) Request {
	return Request{kind, term, trace.Brief(detail), encode(body)}
}

// Decode reads the body.
func (r Request) Decode(body any) error { return decode(r.Kind, r.Body, body) }

// Response is a node's answer to a request.
type Response struct {
	Status Status          `json:"status"`
	Term   uint64          `json:"term,omitempty"`
	Error  string          `json:"error,omitempty"`  // why it was not done: a short name
	Leader string          `json:"leader,omitempty"` // whom to ask instead, if that is known
	Detail string          `json:"detail,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
}

// Status is what a response means for the operation that was asked for.
type Status string

// The statuses.
const (
	Done    Status = "done"    // it took effect, and the body says what came of it
	Refused Status = "refused" // it did not, and never will because of this request
	Doubt   Status = "doubt"   // nobody knows
	// Rejected is as Refused, and no other node will do it either.
	Rejected Status = "rejected"
)

// Answer returns the response to a request that was carried out.
func Answer(term uint64, detail string, body any) Response {
	return Response{Status: Done, Term: term, Detail: trace.Brief(detail), Body: encode(body)}
}

// Refuse returns the response to a request that certainly has no effect. It names whom to ask instead, if that is known.
func Refuse(term uint64, why, leader string) Response {
	return Response{Status: Refused, Term: term, Error: why, Leader: leader}
}

// Reject returns the response to a request that certainly has no effect, whoever is asked.
func Reject(term uint64, why string) Response {
	return Response{Status: Rejected, Term: term, Error: why}
}

// Unsure returns the response to a request that may have taken effect, or may yet do so.
func Unsure(term uint64, why string) Response { return Response{Status: Doubt, Term: term, Error: why} }

// Decode reads the body.
func (r Response) Decode(body any) error { return decode("response", r.Body, body) }

func encode(body any) json.RawMessage {
	if body == nil {
		return nil
	}
	b, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("rpc: a body that is not JSON: %v", err))
	}
	return b
}

func decode(kind string, b json.RawMessage, body any) error {
	if err := json.Unmarshal(b, body); err != nil {
		return fmt.Errorf("body of a %s: %w", kind, err)
	}
	return nil
}

// framed is a request or a response as a frame.
func framed(message any) []byte { return Frame(append(make([]byte, FrameHead), encode(message)...)) }

// With decodes the body of a request for who handles it. What cannot be decoded is refused.
func With[T any](r Request, handle func(body T) Response) Response {
	var body T
	if err := r.Decode(&body); err != nil {
		return Refuse(0, err.Error(), "")
	}
	return handle(body)
}
