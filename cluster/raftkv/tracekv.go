package raftkv

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// kvProtocol is that of clients and nodes.
type kvProtocol struct{}

var opNames = map[op]string{opGet: "read", opPut: "write", opCAS: "cas", opDelete: "delete", opIndex: "index"}

const confirmKind = "confirm"

func (kvProtocol) request(b []byte) (parsed, bool) {
	body, ok := frameIn(b)
	if !ok {
		return parsed{}, false
	}
	r, err := decodeRequest(body)
	if err != nil {
		return parsed{}, false
	}
	m := parsed{kind: opNames[r.Command.Op], size: len(body) + 4}
	switch c := r.Command; {
	case r.Term != 0:
		m.kind, m.term = confirmKind, r.Term
		if r.Promise != 0 {
			m.detail = fmt.Sprintf("and promise %v", r.Promise)
		}
	case c.Op == opIndex:
	case c.Op == opPut:
		m.detail = fmt.Sprintf("%s := %s", brief(c.Key), brief(unpadded(c.New)))
	case c.Op == opCAS:
		m.detail = fmt.Sprintf("%s: %s → %s", brief(c.Key), brief(unpadded(c.Old)), brief(unpadded(c.New)))
	default:
		m.detail = brief(c.Key)
	}
	return m, true
}

func (kvProtocol) response(kind string, b []byte) (parsed, bool) {
	body, ok := frameIn(b)
	if !ok {
		return parsed{}, false
	}
	r, err := decodeResponse(body)
	if err != nil {
		return parsed{}, false
	}
	return parsed{kind: kind + " response", detail: answerDetail(kind, &r), size: len(body) + 4}, true
}

func answerDetail(kind string, r *response) string {
	switch {
	case r.Code != codeOK && kind == confirmKind:
		return "no"
	case r.Code != codeOK && r.Leader != "":
		return fmt.Sprintf("%s, ask %s", brief(r.Error), r.Leader)
	case r.Code != codeOK:
		return brief(r.Error)
	case kind == confirmKind:
		return "yes"
	case !r.Result.Matched:
		return fmt.Sprintf("found %s, index %d", found(&r.Result), r.Result.Index)
	case kind == opNames[opGet]:
		return fmt.Sprintf("%s, index %d", found(&r.Result), r.Result.Index)
	}
	return fmt.Sprintf("index %d", r.Result.Index)
}

func found(r *result) string {
	if !r.Present {
		return "nothing"
	}
	return brief(unpadded(r.Value))
}

// frameIn is the body of the frame that b begins with; false if it is not all there.
func frameIn(b []byte) ([]byte, bool) {
	if len(b) < 4 {
		return nil, false
	}
	n := uint64(binary.BigEndian.Uint32(b))
	if b = b[4:]; n > uint64(len(b)) {
		return nil, false
	}
	return b[:n], true
}

// longestDetail bounds what a message shows of one text, in bytes.
const longestDetail = 60

// brief is a text that is not too long.
func brief(s string) string {
	if len(s) <= longestDetail {
		return s
	}
	s = s[:longestDetail]
	for len(s) > 0 && !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}
