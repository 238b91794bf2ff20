package raftkv

import (
	"fmt"
	"strings"

	"faultline/cluster"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/trace"
)

// kvProtocol is that of clients and nodes.
type kvProtocol struct{}

func newKVProtocol() trace.Protocol { return kvProtocol{} }

var opNames = map[op]string{opGet: "read", opPut: "write", opCAS: "cas", opDelete: "delete", opIndex: "index"}

const confirmKind = "confirm"

func (kvProtocol) Request(b []byte) (trace.Parsed, bool) {
	body, ok := rpc.FrameIn(b)
	if !ok {
		return trace.Parsed{}, false
	}
	r, err := decodeRequest(body)
	if err != nil {
		return trace.Parsed{}, false
	}
	m := trace.Parsed{Kind: opNames[r.Command.Op], Size: rpc.FrameHead + len(body)}
	switch c := r.Command; {
	case r.Term != 0:
		m.Kind, m.Term = confirmKind, r.Term
		if r.Promise != 0 {
			m.Detail = fmt.Sprintf("and promise %v", r.Promise)
		}
	case c.named():
		m.Kind, m.Detail = c.Name, strings.TrimSpace(trace.Brief(c.Key)+" "+trace.Brief(cluster.Unpad(c.New)))
	case c.Op == opIndex:
	case c.Op == opPut:
		m.Detail = fmt.Sprintf("%s := %s", trace.Brief(c.Key), trace.Brief(cluster.Unpad(c.New)))
	case c.Op == opCAS:
		m.Detail = fmt.Sprintf("%s: %s → %s", trace.Brief(c.Key), trace.Brief(cluster.Unpad(c.Old)), trace.Brief(cluster.Unpad(c.New)))
	default:
		m.Detail = trace.Brief(c.Key)
	}
	return m, true
}

func (kvProtocol) Response(kind string, b []byte) (trace.Parsed, bool) {
	body, ok := rpc.FrameIn(b)
	if !ok {
		return trace.Parsed{}, false
	}
	r, err := decodeResponse(body)
	if err != nil {
		return trace.Parsed{}, false
	}
	return trace.Parsed{Kind: kind + " response", Detail: answerDetail(kind, &r), Size: rpc.FrameHead + len(body)}, true
}

func answerDetail(kind string, r *response) string {
	switch {
	case r.Code != codeOK && kind == confirmKind:
		return "no"
	case r.Code != codeOK && r.Leader != "":
		return fmt.Sprintf("%s, ask %s", trace.Brief(r.Error), r.Leader)
	case r.Code != codeOK:
		return trace.Brief(r.Error)
	case kind == confirmKind:
		return "yes"
	case !r.Result.Matched && kind == opNames[opCAS]:
		return fmt.Sprintf("found %s, index %d", found(&r.Result), r.Result.Index)
	case !r.Result.Matched:
		return fmt.Sprintf("not allowed, index %d", r.Result.Index)
	case kind == opNames[opGet] || r.Result.Present:
		return fmt.Sprintf("%s, index %d", found(&r.Result), r.Result.Index)
	}
	return fmt.Sprintf("index %d", r.Result.Index)
}

func found(r *result) string {
	if !r.Present {
		return "nothing"
	}
	return trace.Brief(cluster.Unpad(r.Value))
}
