package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"
)

// Tape is a whole history that is played from its beginning, an event at a time, as often as one likes. It is kept in the form of a Handover,
// which takes some 17 bytes an event, and where it is long in a file: whoever judges a test need not have all of it in memory. The zero value has no
// events.
type Tape struct {
	Header Header
	in     io.ReaderAt
	size   int64 // of the events
	events int
	digest string
	faults faults
}

// longTape is from how many bytes on a tape stays in its file.
const longTape = 4 << 20

// TakeOver makes a tape of the file that a Handover has written, and reads all of it once. The file may be removed then, but not changed. It is
// closed once nobody needs it any more.
func TakeOver(f *os.File) (t *Tape, err error) {
	info, err := f.Stat()
	switch {
	case err != nil:
	case info.Size() >= longTape:
		t, err = takeOver(f, info.Size()) // os closes a file that nothing refers to, as then to the tape
	default:
		var b []byte
		if b, err = io.ReadAll(f); err == nil {
			t, err = takeOver(bytes.NewReader(b), int64(len(b)))
		}
		_ = f.Close() // nothing was written to it
	}
	if err != nil {
		return nil, fmt.Errorf("take over a history: %w", err)
	}
	return t, nil
}

// takeOver makes a tape of so many bytes.
func takeOver(in io.ReaderAt, size int64) (*Tape, error) {
	var tail [handoverCount]byte
	if _, err := in.ReadAt(tail[:], size-handoverCount); err != nil {
		return nil, err
	}
	t := &Tape{in: in, size: size - handoverCount}
	sum, line := sha256.New(), []byte(nil)
	for e, err := range t.All() {
		if err != nil {
			return nil, err
		}
		line = append(e.AppendJSON(line[:0]), '\n')
		sum.Write(line)
		t.note(e)
	}
	if uint64(t.events) != binary.LittleEndian.Uint64(tail[:]) {
		return nil, errors.New("it does not end with the number of its events")
	}
	t.digest = hex.EncodeToString(sum.Sum(nil))
	return t, nil
}

// note takes down what is known of a tape without playing it.
func (t *Tape) note(e *Event) {
	t.events++
	t.faults.add(e)
}

// Tape is the same history as a tape. It refuses events that no file can hold.
func (h *History) Tape() (*Tape, error) {
	i := 0
	return tapeOf(h.Header, func(e *Event) error {
		if i == len(h.Events) {
			return io.EOF
		}
		*e = h.Events[i]
		i++
		return nil
	}, h.Digest)
}

// ReadTape reads a whole file, as Read does.
func ReadTape(r io.Reader) (*Tape, error) {
	in, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	return tapeOf(in.Header(), in.next, in.Digest)
}

// tapeOf makes a tape in memory of the events that next returns until io.EOF; after that their digest is known.
func tapeOf(h Header, next func(*Event) error, digest func() string) (*Tape, error) {
	var file bytes.Buffer
	t, out := &Tape{Header: h}, NewHandover(&file)
	for {
		var e Event
		if err := next(&e); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		if err := out.Write(&e); err != nil {
			return nil, err
		}
		t.note(&e)
	}
	if err := out.Close(); err != nil {
		return nil, err
	}
	t.in, t.size, t.digest = bytes.NewReader(file.Bytes()), int64(file.Len()-handoverCount), digest()
	return t, nil
}

// Len is how many events there are.
func (t *Tape) Len() int { return t.events }

// End is the time of the last event; 0 if there is none.
func (t *Tape) End() time.Duration { return t.faults.last }

// Faults are those of the history, see Faults.
func (t *Tape) Faults() []Fault { return t.faults.list() }

// Digest identifies the events, see History.Digest.
func (t *Tape) Digest() string {
	if t.events == 0 {
		return (&History{}).Digest()
	}
	return t.digest
}

// All plays the events. Each is good until the next one. An error, after which nothing follows, says that the file cannot be read any more.
func (t *Tape) All() iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		p, e := t.play(), Event{}
		for {
			switch err := p.next(&e); {
			case err == io.EOF:
				return
			case err != nil:
				yield(nil, err)
				return
			case !yield(&e, nil):
				return
			}
		}
	}
}

// Stream plays the events with the operations that they complete.
func (t *Tape) Stream() *Stream { return &Stream{in: t.play()} }

// Operations plays the client operations in order of invocation. Each is good until the next one. It refuses what breaks the rules, see Pairing.
func (t *Tape) Operations() iter.Seq2[*Operation, error] {
	return func(yield func(*Operation, error) bool) {
		s, line := t.Stream(), queue{places: map[int]int{}}
		for {
			e, op, err := s.Next()
			switch {
			case err == io.EOF:
				line.giveUp(s.Pending())
			case err != nil:
				yield(nil, err)
				return
			case op != nil:
				line.complete(e.Process, op)
			case e.Process != Nemesis:
				line.invoke(e.Process)
			}
			for op := line.next(); op != nil; op = line.next() {
				if !yield(op, nil) {
					return
				}
			}
			if err == io.EOF {
				return
			}
		}
	}
}

// AllOperations has all of them in memory.
func (t *Tape) AllOperations() ([]Operation, error) {
	all := make([]Operation, 0, t.events/2)
	for op, err := range t.Operations() {
		if err != nil {
			return nil, err
		}
		all = append(all, *op)
	}
	return all, nil
}

// WriteTo writes a whole file.
func (t *Tape) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{w: w}
	out, err := NewWriter(counted, t.Header)
	if err != nil {
		return counted.n, err
	}
	for e, err := range t.All() {
		if err != nil {
			return counted.n, err
		}
		if err := out.Write(*e); err != nil {
			return counted.n, err
		}
	}
	return counted.n, out.Close()
}

// WriteEDN writes the history as EDN, see History.WriteEDN.
func (t *Tape) WriteEDN(w io.Writer) error {
	out := NewEDNWriter(w)
	for e, err := range t.All() {
		if err != nil {
			return err
		}
		if err := out.Write(*e); err != nil {
			return err
		}
	}
	return out.Close()
}

// History has all of it in memory.
func (t *Tape) History() (*History, error) {
	h := &History{Header: t.Header, Events: make([]Event, 0, t.events)}
	for e, err := range t.All() {
		if err != nil {
			return nil, err
		}
		h.Events = append(h.Events, *e)
	}
	return h, nil
}
