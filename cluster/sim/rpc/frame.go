// Package rpc carries requests and responses on the virtual network. A connection carries one request at a time. A message is a
// frame: four bytes of length, and a body.
//
// Conn and Attempts serve protocols of any encoding. Serve, Caller and Client serve designs that need no protocol of their
// own: their bodies are JSON, and Protocol reads them for the trace of messages.
//
// An error wraps NotSent only if the request certainly never reached a process, so that the operation has failed. After any
// other error nobody knows.
package rpc

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// FrameHead is how many bytes of a frame come before its body.
const FrameHead = 4

// maxFrame bounds what a damaged length can make the reader allocate.
const maxFrame = 16 << 20

// BeginFrame makes room in b for the head of a frame, in place of what b holds. The body is to be appended, and then Frame called.
func BeginFrame(b []byte) []byte { return append(b[:0], make([]byte, FrameHead)...) }

// Frame fills in the head of a frame, the first FrameHead bytes of b, and returns b.
func Frame(b []byte) []byte {
	binary.BigEndian.PutUint32(b, uint32(len(b)-FrameHead))
	return b
}

// ReadFrame reads the body of the next frame, which stays what it is until more is read. The error is io.EOF if there is no further frame.
func ReadFrame(r *bufio.Reader) ([]byte, error) {
	head, err := take(r, FrameHead)
	if err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head)
	if n > maxFrame {
		return nil, fmt.Errorf("rpc: a frame of %d bytes", n)
	}
	b, err := take(r, int(n))
	if err == io.EOF && n > 0 {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// take reads n bytes, into the room of the reader if they are few. The error is io.EOF if there are none.
func take(r *bufio.Reader, n int) ([]byte, error) {
	if n > r.Size() {
		b := make([]byte, n)
		_, err := io.ReadFull(r, b)
		return b, err
	}
	b, err := r.Peek(n)
	if err == io.EOF && len(b) > 0 {
		err = io.ErrUnexpectedEOF
	}
	_, _ = r.Discard(len(b)) // they are there
	return b, err
}

// FrameIn returns the body of the frame that b begins with; false if it is not all there.
func FrameIn(b []byte) ([]byte, bool) {
	if len(b) < FrameHead {
		return nil, false
	}
	n := uint64(binary.BigEndian.Uint32(b))
	if b = b[FrameHead:]; n > uint64(len(b)) {
		return nil, false
	}
	return b[:n], true
}
