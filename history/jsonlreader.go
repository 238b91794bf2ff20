package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
)

// Reader reads a history as a stream.
type Reader struct {
	lines  *lineReader
	sum    hash.Hash
	scan   scanner
	canon  []byte
	header Header
	events int
	ended  bool
}

// NewReader reads the header.
func NewReader(r io.Reader) (*Reader, error) {
	in := &Reader{lines: newLineReader(r), sum: sha256.New(), scan: scanner{names: new(names)}}
	b, err := in.nextLine()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &in.header); err != nil || in.header.Version == 0 {
		return nil, errors.New("line 1: not the header of a faultline history")
	}
	if in.header.Version != Version {
		return nil, fmt.Errorf("line 1: history format %d is not the one this program reads (%d)", in.header.Version, Version)
	}
	return in, nil
}

// Header returns the first line.
func (r *Reader) Header() Header { return r.header }

// Next returns the next event, or io.EOF after the last one, when the trailer has been read and the
// digest agreed. Any other error names the line.
func (r *Reader) Next() (Event, error) {
	var e Event
	err := r.next(&e)
	return e, err
}

func (r *Reader) next(e *Event) error {
	if r.ended {
		return io.EOF
	}
	b, err := r.nextLine()
	if err != nil {
		return err
	}
	if r.scan.canonical(b, e) {
		r.events++
		r.sum.Write(b)
		return nil
	}
	if bytes.HasPrefix(b, trailerPrefix) {
		return r.end(b)
	}
	text, whole := bytes.CutSuffix(b, []byte{'\n'})
	r.scan.b, r.scan.i = text, 0
	if err := r.scan.event(e); err != nil {
		if !whole {
			err = fmt.Errorf("%w; the history ends within this line: it was cut off", err)
		}
		return fmt.Errorf("line %d: %w", r.line(), err)
	}
	r.events++
	r.canon = append(e.AppendJSON(r.canon[:0]), '\n') // whatever the spacing in the file
	r.sum.Write(r.canon)
	return nil
}

// Digest is that of the whole history once Next has returned io.EOF, see History.Digest. It is empty before.
func (r *Reader) Digest() string {
	if !r.ended {
		return ""
	}
	return hex.EncodeToString(r.sum.Sum(nil))
}

// line is the number of the line last read.
func (r *Reader) line() int { return r.lines.line }

func (r *Reader) nextLine() ([]byte, error) {
	b, err := r.lines.next()
	if err == io.EOF {
		err = fmt.Errorf("line %d: the history ends without its last line: it was cut off", r.line())
	}
	return b, err
}

func (r *Reader) end(b []byte) error {
	var t trailer
	if err := json.Unmarshal(b, &t); err != nil {
		return fmt.Errorf("line %d: %w", r.line(), err)
	}
	if got := hex.EncodeToString(r.sum.Sum(nil)); got != t.Digest || t.Events != r.events {
		return fmt.Errorf("line %d: the events do not match the digest recorded with them: the history was damaged or edited", r.line())
	}
	switch _, err := r.lines.next(); {
	case err == nil:
		return fmt.Errorf("line %d: something follows the end of the history", r.line())
	case err != io.EOF:
		return err
	}
	r.ended = true
	return io.EOF
}
