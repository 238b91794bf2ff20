package rpc

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
)

// TestAFrameHasABound: a damaged length must not make the reader allocate what it says.
func TestAFrameHasABound(t *testing.T) {
	for _, n := range []uint32{maxFrame + 1, 1<<32 - 1} {
		r := bufio.NewReader(bytes.NewReader(binary.BigEndian.AppendUint32(nil, n)))
		if _, err := ReadFrame(r); err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a frame of %d bytes: %v", n, err)
		}
	}
}

func TestAFrameThatIsCutShortIsAnError(t *testing.T) {
	whole := framed(NewRequest("write", 3, "k1 := 5", map[string]int{"k1": 5}))
	for i := range whole {
		if _, err := ReadFrame(bufio.NewReader(bytes.NewReader(whole[:i]))); err == nil {
			t.Errorf("read a frame from %d of %d bytes", i, len(whole))
		}
		if m, ok := Protocol().Request(whole[:i]); ok {
			t.Errorf("%d of %d bytes are %+v", i, len(whole), m)
		}
	}
	if m, ok := Protocol().Request(append(whole, "more"...)); !ok || m.Size != len(whole) || m.Kind != "write" || m.Term != 3 || m.Detail != "k1 := 5" {
		t.Errorf("it is %+v", m)
	}
}

// TestResponsesInWords is what a reader of a trace sees.
func TestResponsesInWords(t *testing.T) {
	for _, test := range []struct {
		response Response
		want     string
	}{
		{Answer(3, "index 7", 7), "write response index 7"},
		{Refuse(3, "not-leader", "n2"), "write response not-leader, ask n2"},
		{Unsure(3, "deposed"), "write response deposed"},
	} {
		b := framed(test.response)
		m, ok := Protocol().Response("write", append(b, b...))
		if got := m.Kind + " " + m.Detail; !ok || got != test.want || m.Size != len(b) || m.Term != 3 {
			t.Errorf("%+v, want %s", m, test.want)
		}
	}
}
