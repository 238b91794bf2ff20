package history

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
)

// Format is how a file encodes a history.
type Format uint8

const (
	JSONLines Format = iota + 1 // what Writer writes
	EDN                         // what EDNWriter writes: Jepsen's history.edn, Knossos' data, the KV files of porcupine
	JepsenLog                   // lines of jepsen.log about operations, and history.txt
	JSON                        // operations of other tools as JSON: objects, or an array of them, as elle-cli has it
	Sessions                    // reads and writes by session and transaction: Plume, PolySI, IsoVista, AWDIT
)

var formatNames = [...]string{JSONLines: "Faultline JSON lines", EDN: "EDN", JepsenLog: "Jepsen log", JSON: "JSON", Sessions: "sessions"}

func (f Format) String() string {
	if f == 0 || int(f) >= len(formatNames) {
		return fmt.Sprintf("Format(%d)", uint8(f))
	}
	return formatNames[f]
}

// Source is a history being read from a file of any format, an event at a time. However long the
// history is, it holds only the current event and, for formats other than ours, the processes with an open
// operation, their names if they have some, and a few bits for each process there was. Exceptions are histories
// that are sorted (see Order) or have no invocations, which are read into memory.
type Source struct {
	name    string
	format  Format
	in      interface{ next(*Event) error }
	json    *Reader    // is in, for JSONLines
	record  *recording // is in, for other formats; it reads from invoked, and that from order
	order   *ordered
	invoked *invoked
}

// Option changes how Open reads.
type Option func(*options)

type options struct {
	sense sense
	order Order
}

// WithTuples says whether the values of the history are tuples of a key and a value, as jepsen.independent
// makes them. Without it Open finds out by itself. For histories of ours it does not matter.
func WithTuples(keyed bool) Option {
	return func(o *options) {
		if o.sense = plain; keyed {
			o.sense = tuples
		}
	}
}

// Open detects from the content how a history is compressed and encoded, and gets ready to read it.
// The name is that of the file, for errors.
func Open(r io.Reader, name string, opts ...Option) (*Source, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	in, err := decompress(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := &Source{name: name}
	if s.format, err = detect(in); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if s.format == JSONLines {
		if s.json, err = NewReader(in); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.in = s.json
		return s, nil
	}
	s.order = &ordered{in: &namedProcesses{in: newRecords(s.format, in)}, order: o.order}
	s.invoked = &invoked{in: s.order}
	s.record = newRecording(s.invoked, o.sense)
	s.in = s.record
	return s, nil
}

// newRecords returns what reads the operations of another tool.
func newRecords(f Format, r io.Reader) records {
	switch f {
	case EDN:
		return newEDNRecords(r)
	case JSON:
		return newJSONRecords(r)
	case Sessions:
		return newSessionRecords(r)
	default:
		return newLogRecords(r)
	}
}

// detect tells the format of what in will read next.
func detect(in *bufio.Reader) (Format, error) {
	b, err := in.Peek(in.Size()) // fewer bytes come with an error
	if len(b) == 0 && err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("line 1: %w", err)
	}
	if rest, ok := bytes.CutPrefix(b, []byte("\ufeff")); ok { // a byte order mark
		in.Discard(len(b) - len(rest))
		b = rest
	}
	const space = " ,\t\r\n\f\v"
	text := bytes.TrimLeft(b, space)
	switch line, _, _ := bytes.Cut(text, []byte{'\n'}); {
	case len(text) == 0:
		return 0, errors.New("line 1: the file is empty")
	case text[0] == '{' && bytes.Contains(line, []byte(`"faultline_history":`)):
		return JSONLines, nil
	case isJSON(bytes.TrimLeft(bytes.TrimPrefix(text, []byte{'['}), space)):
		return JSON, nil
	case bytes.IndexByte([]byte("{[(;#"), text[0]) >= 0:
		return EDN, nil
	}
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	if isSession(line) {
		return Sessions, nil
	}
	if isOperation(line) || isLog(text) {
		return JepsenLog, nil
	}
	return 0, fmt.Errorf("line 1: %q begins no history: JSON lines of Faultline, EDN of Jepsen or Knossos, Jepsen's logs, JSON operations and sessions of Plume or AWDIT are read, also with gzip or zstd", clip(line))
}

// isLog tells whether text is a log of Jepsen, perhaps with what led to it, such as a command.
func isLog(text []byte) bool {
	first := true
	for line := range bytes.Lines(text) {
		l := parseLogLine(bytes.TrimRight(line, "\r\n"))
		if l.logger != nil && (first || l.logsOperations()) {
			return true
		}
		first = false
	}
	return false
}

// isJSON tells whether an operation that begins so is a JSON object: the fields of an EDN map are keywords.
func isJSON(text []byte) bool {
	rest, ok := bytes.CutPrefix(text, []byte{'{'})
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte{'"'})
}

// Next returns the next event, or io.EOF after the last one. Any other error names the file, the line
// and mostly the column.
func (s *Source) Next() (Event, error) {
	var e Event
	err := s.next(&e)
	return e, err
}

func (s *Source) next(e *Event) error {
	err := s.in.next(e)
	if err == nil || err == io.EOF {
		return err
	}
	return cmp.Or(s.disordered(), fmt.Errorf("%s: %w", s.name, err))
}

func (s *Source) blame(err error) error {
	return cmp.Or(s.disordered(), fmt.Errorf("%s: line %d: %w", s.name, s.Line(), err))
}

// disordered is the error that explains why what was read breaks a rule, if it is that the lines are not in order.
func (s *Source) disordered() error {
	if s.order == nil {
		return nil
	}
	if err := s.order.disordered(); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}

// ReadAll reads what is left of the history into memory.
func (s *Source) ReadAll() (*History, error) {
	h := &History{Header: s.Header()}
	for {
		e, err := s.Next()
		if err == io.EOF {
			return h, nil
		}
		if err != nil {
			return nil, err
		}
		h.Events = append(h.Events, e)
	}
}

// Format is how the file spells the history.
func (s *Source) Format() Format { return s.format }

// Header is the header of a history of ours, and empty for others.
func (s *Source) Header() Header {
	if s.json == nil {
		return Header{Version: Version}
	}
	return s.json.Header()
}

// Digest is that of a history of ours once all of it was read, see History.Digest. It is empty before, and for others.
func (s *Source) Digest() string {
	if s.json == nil {
		return ""
	}
	return s.json.Digest()
}

// Line is where in the file the event last returned begins.
func (s *Source) Line() int {
	if s.json != nil {
		return s.json.line()
	}
	return s.record.rec.at.line
}

// Warnings are sentences about what was read so far and is suspicious: times that contradict the order, events without
// what others have. They are no reason to doubt that events were read as they are in the file.
func (s *Source) Warnings() []string {
	if s.record == nil {
		return nil
	}
	switch {
	case s.format == Sessions:
		return []string{"only the order within each session is known: which of two transactions of different sessions came first is not"}
	case s.invoked.lacking:
		return []string{"there is no invocation in the history: each operation counts as invoked at the start, or when its process had completed the one before"}
	}
	return s.order.warnings()
}

// Timed tells whether an event returned so far had a time. In a history without, Time is 0 throughout
// and the order of the events is all there is.
func (s *Source) Timed() bool { return s.json != nil || s.record.timed && !s.invoked.lacking }

// RealTime tells whether the order of events of different processes means anything. In a history by sessions it does not: nothing may be concluded
// from one operation having returned before another one was invoked, unless both are of one process.
func (s *Source) RealTime() bool { return s.format != Sessions }

// Tuples tells whether values are read as tuples of a key and a value. It is known with the first event.
func (s *Source) Tuples() bool { return s.record != nil && s.record.sense == tuples }
