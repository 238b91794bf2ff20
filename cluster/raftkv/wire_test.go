package raftkv

import (
	"bufio"
	"bytes"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/cluster/sim/rpc"
)

func drawCommand(t *rapid.T) command {
	text := rapid.String()
	return command{
		Op:     op(rapid.IntRange(int(opNoop), int(opDelete)).Draw(t, "op")),
		Client: rapid.Uint64().Draw(t, "client"), Serial: rapid.Uint64().Draw(t, "serial"),
		Key: text.Draw(t, "key"), Old: text.Draw(t, "old"), New: text.Draw(t, "new"),
	}
}

func drawResult(t *rapid.T) result {
	return result{Matched: rapid.Bool().Draw(t, "matched"), Present: rapid.Bool().Draw(t, "present"),
		Value: rapid.String().Draw(t, "value"), Index: rapid.Uint64().Draw(t, "index")}
}

func TestARequestArrivesAsItWasSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := request{Term: rapid.Uint64Min(1).Draw(t, "term"), Promise: time.Duration(rapid.Int64Min(0).Draw(t, "promise"))}
		if rapid.Bool().Draw(t, "is a command") {
			want = request{Command: drawCommand(t), Seen: rapid.Uint64().Draw(t, "seen")}
		}
		got, err := decodeRequest(body(t, want.encode(nil)))
		if err != nil || got != want {
			t.Fatalf("sent %+v, got %+v, %v", want, got, err)
		}
	})
}

func TestAResponseArrivesAsItWasSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := response{Code: code(rapid.IntRange(int(codeOK), int(codeIndefinite)).Draw(t, "code")),
			Leader: rapid.String().Draw(t, "leader"), Error: rapid.String().Draw(t, "error"), Result: drawResult(t)}
		got, err := decodeResponse(body(t, want.encode(nil)))
		if err != nil || got != want {
			t.Fatalf("sent %+v, got %+v, %v", want, got, err)
		}
	})
}

// body reads a frame and checks that it was all.
func body(t *rapid.T, frame []byte) []byte {
	r := bufio.NewReader(bytes.NewReader(frame))
	b, err := rpc.ReadFrame(r)
	if err != nil || r.Buffered() != 0 {
		t.Fatalf("%d bytes follow the frame; %v", r.Buffered(), err)
	}
	return b
}

func TestAMessageThatIsCutShortIsAnError(t *testing.T) {
	req := request{Seen: 300, Command: command{Op: opCAS, Client: 300, Serial: 300, Key: "k", Old: "1", New: "2"}}
	resp := response{Code: codeOK, Leader: "n1", Error: "e", Result: result{Value: "v", Index: 300}}
	for name, test := range map[string]struct {
		whole    []byte
		optional int // bytes at its end that may be missing
		decode   func([]byte) error
	}{
		"request":  {req.encode(nil)[4:], 2, func(b []byte) error { _, err := decodeRequest(b); return err }},
		"question": {(&request{Term: 300, Promise: 300}).encode(nil)[4:], 2, func(b []byte) error { _, err := decodeRequest(b); return err }},
		"response": {resp.encode(nil)[4:], 0, func(b []byte) error { _, err := decodeResponse(b); return err }},
	} {
		for i := range test.whole {
			err := test.decode(test.whole[:i])
			if i == len(test.whole)-test.optional && test.optional > 0 {
				if err != nil {
					t.Errorf("%s without its optional field: %v", name, err)
				}
			} else if !errors.Is(err, errShort) {
				t.Errorf("%s from %d of %d bytes: %v", name, i, len(test.whole), err)
			}
		}
		if err := test.decode(append(test.whole, 0)); !errors.Is(err, errShort) {
			t.Errorf("%s with a byte behind it: %v", name, err)
		}
	}
}

func FuzzDecodeRequest(f *testing.F) {
	f.Add((&request{Term: 300}).encode(nil)[4:])
	f.Add((&request{Command: command{Op: opCAS, Client: 1, Serial: 2, Key: "k", Old: "1", New: "2"}}).encode(nil)[4:])
	f.Add([]byte{0, 1, 1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}) // a very long key, and nothing follows
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeRequest(b)
		if err != nil {
			return
		}
		if again, err := decodeRequest(r.encode(nil)[4:]); err != nil || again != r {
			t.Errorf("decoded as %+v, and then as %+v, %v", r, again, err)
		}
	})
}

func FuzzDecodeResponse(f *testing.F) {
	f.Add((&response{Code: codeNotLeader, Leader: "n1", Error: "not-leader"}).encode(nil)[4:])
	f.Add((&response{Code: codeOK, Result: result{Matched: true, Present: true, Value: "v", Index: 300}}).encode(nil)[4:])
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeResponse(b)
		if err != nil {
			return
		}
		if again, err := decodeResponse(r.encode(nil)[4:]); err != nil || again != r {
			t.Errorf("decoded as %+v, and then as %+v, %v", r, again, err)
		}
	})
}
