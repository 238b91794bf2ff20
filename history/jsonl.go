package history

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strconv"
	"unicode/utf8"
)

// Version is the version of the file format that this package writes.
const Version = 1

// maxLine bounds a line of a file, so that a damaged file cannot exhaust memory.
const maxLine = 16 << 20

// Header is the first line of a file: where the history comes from. Nothing in it enters the digest.
type Header struct {
	Version int             `json:"faultline_history"`
	Spec    json.RawMessage `json:"spec,omitempty"`    // what was run; the history does not look inside
	Build   string          `json:"build,omitempty"`   // identifies the program that ran it
	Machine string          `json:"machine,omitempty"` // and the kind of machine
	Replay  string          `json:"replay,omitempty"`  // "exact" or "best effort"
}

// trailer is the last line of a file. A file without it was cut off.
type trailer struct {
	Events int    `json:"events"`
	Digest string `json:"digest"`
}

var trailerPrefix = []byte(`{"events":`)

// AppendJSON appends the event as one line of JSON, without the newline, in the one form that each
// event has. The digest of a history is taken over these lines. Text that is not UTF-8 is appended as it is, and the
// line is no JSON then.
func (e *Event) AppendJSON(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"time":`...), int64(e.Time), 10)
	b = append(b, `,"process":`...)
	if e.Process == Nemesis {
		b = append(b, `"nemesis"`...)
	} else {
		b = strconv.AppendInt(b, int64(e.Process), 10)
	}
	b = append(append(append(b, `,"type":"`...), e.Type.String()...), '"')
	b = appendString(append(b, `,"f":`...), e.F)
	if e.Key != "" {
		b = appendString(append(b, `,"key":`...), e.Key)
	}
	if e.Value.Kind() != None {
		b = e.Value.AppendJSON(append(b, `,"value":`...))
	}
	if e.Node != "" {
		b = appendString(append(b, `,"node":`...), e.Node)
	}
	if e.Error != "" {
		b = appendString(append(b, `,"error":`...), e.Error)
	}
	if e.LogIndex != 0 {
		b = strconv.AppendUint(append(b, `,"log_index":`...), e.LogIndex, 10)
	}
	if e.Final {
		b = append(b, `,"final?":true`...)
	}
	return append(b, '}')
}

// Writer writes a history as a stream: a header, an event a line, a trailer with the digest.
type Writer struct {
	w      *bufio.Writer
	sum    hash.Hash
	line   []byte
	events int
}

// NewWriter writes the header. The caller must Close the Writer for the file to be whole.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	h.Version = Version
	b, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("write history header: %w", err)
	}
	out := &Writer{w: bufio.NewWriterSize(w, 1<<16), sum: sha256.New()}
	if _, err := out.w.Write(append(b, '\n')); err != nil {
		return nil, fmt.Errorf("write history header: %w", err)
	}
	return out, nil
}

// Write appends one event. It refuses one that no Reader would read.
func (w *Writer) Write(e Event) error {
	if e.Value.depth() > maxDepth {
		return fmt.Errorf("write history event %d: lists nest more than %d deep", w.events+1, maxDepth)
	}
	w.line = append(e.AppendJSON(w.line[:0]), '\n')
	if !utf8.Valid(w.line) {
		return fmt.Errorf("write history event %d: %w: %q", w.events+1, errNotUTF8, clip(w.line))
	}
	if len(w.line) >= maxLine {
		return fmt.Errorf("write history event %d: its line is longer than %d bytes", w.events+1, maxLine)
	}
	w.sum.Write(w.line)
	w.events++
	if _, err := w.w.Write(w.line); err != nil {
		return fmt.Errorf("write history event %d: %w", w.events, err)
	}
	return nil
}

// Close writes the trailer and flushes. It does not close the underlying writer.
func (w *Writer) Close() error {
	b, err := json.Marshal(trailer{Events: w.events, Digest: hex.EncodeToString(w.sum.Sum(nil))})
	if err != nil {
		return fmt.Errorf("write history trailer: %w", err)
	}
	if _, err := w.w.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("write history trailer: %w", err)
	}
	if err := w.w.Flush(); err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	return nil
}
