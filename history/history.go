package history

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// History is a whole history in memory.
type History struct {
	Header Header
	Events []Event
}

// Read reads a whole file.
func Read(r io.Reader) (*History, error) {
	in, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	h := &History{Header: in.Header()}
	for {
		e, err := in.Next()
		if err == io.EOF {
			return h, nil
		}
		if err != nil {
			return nil, err
		}
		h.Events = append(h.Events, e)
	}
}

// WriteTo writes a whole file.
func (h *History) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{w: w}
	out, err := NewWriter(counted, h.Header)
	if err != nil {
		return counted.n, err
	}
	for _, e := range h.Events {
		if err := out.Write(e); err != nil {
			return counted.n, err
		}
	}
	return counted.n, out.Close()
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// Digest identifies the events: the SHA-256, in hexadecimal, of their lines. Two runs are the same
// run exactly if their digests are equal.
func (h *History) Digest() string {
	sum := sha256.New()
	var line []byte
	for i := range h.Events {
		line = append(h.Events[i].AppendJSON(line[:0]), '\n')
		sum.Write(line)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
