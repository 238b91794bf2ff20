package history

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// maxDepth bounds how deep lists may nest, so that a hostile line cannot exhaust the stack.
const maxDepth = 64

// scanner reads one line of JSON. encoding/json would do, at ten times the time, and reading
// histories is what bounds how many of them a campaign can check.
type scanner struct {
	b     []byte
	i     int
	names *names
}

func (s *scanner) space() {
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\t' || s.b[s.i] == '\r') {
		s.i++
	}
}

func (s *scanner) errorf(format string, args ...any) error {
	return fmt.Errorf("column %d: %s", s.i+1, fmt.Sprintf(format, args...))
}

// next skips space and expects c.
func (s *scanner) next(c byte) error {
	s.space()
	if s.i >= len(s.b) {
		return s.errorf("the line ends where %q should be", c)
	}
	if s.b[s.i] != c {
		return s.errorf("%q where %q should be", s.b[s.i], c)
	}
	s.i++
	return nil
}

func (s *scanner) peek() byte {
	s.space()
	if s.i >= len(s.b) {
		return 0
	}
	return s.b[s.i]
}

// string reads a JSON string. The result is a copy.
func (s *scanner) string() (string, error) {
	if err := s.next('"'); err != nil {
		return "", err
	}
	start := s.i
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c == '"':
			t := s.names.of(s.b[start:s.i])
			s.i++
			return t, nil
		case c == '\\' || c < 0x20 || c >= 0x7f:
			return s.escaped(start)
		}
		s.i++
	}
	return "", s.errorf("the string has no end")
}

// escaped reads the string that starts at start and has escapes or other characters than ASCII.
func (s *scanner) escaped(start int) (string, error) {
	for i := start; i < len(s.b); i++ {
		switch s.b[i] {
		case '\\':
			i++
		case '"':
			t, at, err := unquoteJSON(s.b[start-1 : i+1])
			if err != nil {
				s.i = start - 1 + at
				return "", s.errorf("%v", err)
			}
			s.i = i + 1
			return t, nil
		}
	}
	return "", s.errorf("the string has no end")
}

func (s *scanner) int() (int64, error) {
	s.space()
	start := s.i
	for s.i < len(s.b) && (s.b[s.i] == '-' || s.b[s.i] >= '0' && s.b[s.i] <= '9') {
		s.i++
	}
	n, err := strconv.ParseInt(string(s.b[start:s.i]), 10, 64)
	if err != nil {
		s.i = start
		return 0, s.errorf("an integer was expected")
	}
	return n, nil
}

func (s *scanner) uint() (uint64, error) {
	s.space()
	start := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	n, err := strconv.ParseUint(string(s.b[start:s.i]), 10, 64)
	if err != nil {
		s.i = start
		return 0, s.errorf("an integer that is not negative was expected")
	}
	return n, nil
}

func (s *scanner) value(depth int) (Value, error) {
	switch c := s.peek(); {
	case c == 'n':
		if !bytes.HasPrefix(s.b[s.i:], []byte("null")) {
			return Value{}, s.errorf("not a value")
		}
		s.i += len("null")
		return NilValue(), nil
	case c == '"':
		t, err := s.string()
		return TextValue(t), err
	case c == '[':
		return s.list(depth)
	case c == '{':
		return s.object(depth)
	case c == '-' || c >= '0' && c <= '9':
		n, err := s.int()
		return IntValue(n), err
	default:
		return Value{}, s.errorf("a value is null, an integer, a string, a list or an object")
	}
}

func (s *scanner) list(depth int) (Value, error) {
	if depth == maxDepth {
		return Value{}, s.errorf("lists nest more than %d deep", maxDepth)
	}
	s.i++ // '['
	var vs []Value
	for s.peek() != ']' {
		if len(vs) > 0 {
			if err := s.next(','); err != nil {
				return Value{}, err
			}
		}
		v, err := s.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		vs = append(vs, v)
	}
	s.i++
	return ListValue(vs...), nil
}

// event reads a whole line.
func (s *scanner) event(e *Event) error {
	*e = Event{}
	var seen fields
	if err := s.next('{'); err != nil {
		return err
	}
	for first := true; s.peek() != '}'; first = false {
		if !first {
			if err := s.next(','); err != nil {
				return err
			}
		}
		f, err := s.fieldName()
		if err != nil {
			return err
		}
		if seen&f != 0 {
			return s.errorf("the event has this field twice")
		}
		seen |= f
		if err := s.next(':'); err != nil {
			return err
		}
		if err := s.field(f, e); err != nil {
			return err
		}
	}
	s.i++
	if s.space(); s.i < len(s.b) {
		return s.errorf("unexpected %q after the event", s.b[s.i])
	}
	if e.Type == 0 {
		return s.errorf(`the event has no "type"`)
	}
	return nil
}

// jsonFields are those that an event has in JSON. Only other tools write an index: here the lines are in order.
var jsonFields = map[string]fields{"time": hasTime, "process": hasProcess, "type": hasType, "f": hasF, "key": hasKey,
	"value": hasValue, "node": hasNode, "error": hasError, "log_index": hasLogIndex, "final?": hasFinal, "index": hasIndex}

func (s *scanner) fieldName() (fields, error) {
	name, err := s.string()
	if err != nil {
		return 0, err
	}
	f, known := jsonFields[name]
	if !known || f == hasIndex {
		return 0, s.errorf("unknown field %q", name)
	}
	return f, nil
}

func (s *scanner) field(f fields, e *Event) (err error) {
	switch f {
	case hasTime:
		var n int64
		n, err = s.int()
		e.Time = time.Duration(n)
	case hasProcess:
		e.Process, err = s.process()
	case hasType:
		var t string
		if t, err = s.string(); err == nil {
			if e.Type, err = ParseType(t); err != nil {
				err = s.errorf("%v", err)
			}
		}
	case hasF:
		e.F, err = s.string()
	case hasKey:
		e.Key, err = s.string()
	case hasValue:
		e.Value, err = s.value(0)
	case hasNode:
		e.Node, err = s.string()
	case hasError:
		e.Error, err = s.string()
	case hasLogIndex:
		e.LogIndex, err = s.uint()
	case hasFinal:
		if e.Final = s.peek() == 't' && s.skip("true"); !e.Final {
			err = s.errorf(`"final?" is true or is left out`)
		}
	}
	return err
}

func (s *scanner) process() (int, error) {
	if s.peek() == '"' {
		name, err := s.string()
		if err == nil && name != "nemesis" {
			err = s.errorf("process %q is neither a number nor \"nemesis\"", name)
		}
		return Nemesis, err
	}
	n, err := s.int()
	if err == nil && (n < 0 || n > maxProcess) {
		err = s.errorf("process %d is out of range", n)
	}
	return int(n), err
}
