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

// Frame fills in the head of a frame, the first FrameHead bytes of b, and returns b.
func Frame(b []byte) []byte {
	binary.BigEndian.PutUint32(b, uint32(len(b)-FrameHead))
	return b
}

// ReadFrame reads the body of the next frame.
func ReadFrame(r *bufio.Reader) ([]byte, error) {
	var head [FrameHead]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxFrame {
		return nil, fmt.Errorf("rpc: a frame of %d bytes", n)
	}
	b := make([]byte, n)
	_, err := io.ReadFull(r, b)
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
