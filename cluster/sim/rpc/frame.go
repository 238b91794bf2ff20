// Package rpc is how nodes and clients speak to each other: requests and responses on the virtual network, one after the
// other on each connection, in frames of four bytes of length and a body.
//
// Conn and Attempts are for protocols of any encoding. Serve, Caller and Client are for designs that have none of their
// own: their bodies are JSON, and Protocol shows them in the trace of messages.
//
// It guarantees that an error wraps NotSent only if the request certainly never reached a process, so that an operation may
// be called failed. After any other error nobody knows.
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
