package history

import (
	"time"
)

// canonical reads a line that has, byte for byte, the form in which AppendJSON writes an event, with its
// newline. Nearly every line has. False means that this one has not, or that it holds what is rare, and
// that scanner.event should look at it. A line read here can enter the digest as it stands, which
// together with the fixed order of fields makes reading several times as fast.
func (s *scanner) canonical(line []byte, e *Event) bool {
	s.b, s.i = line, 0
	*e = Event{}
	return s.skip(`{"time":`) && s.canonicalTime(e) &&
		s.skip(`,"process":`) && s.canonicalProcess(e) &&
		s.skip(`,"type":"`) && s.canonicalType(e) &&
		s.skip(`,"f":"`) && s.plain(&e.F) &&
		(!s.skip(`,"key":"`) || s.plain(&e.Key) && e.Key != "") &&
		(!s.skip(`,"value":`) || s.canonicalValue(&e.Value)) &&
		(!s.skip(`,"node":"`) || s.plain(&e.Node) && e.Node != "") &&
		(!s.skip(`,"error":"`) || s.plain(&e.Error) && e.Error != "") &&
		(!s.skip(`,"log_index":`) || s.canonicalLogIndex(e)) &&
		s.canonicalFinal(e) &&
		string(s.b[s.i:]) == "}\n"
}

// skip skips what is next, if that is it.
func (s *scanner) skip(next string) bool {
	if len(s.b)-s.i < len(next) || string(s.b[s.i:s.i+len(next)]) != next {
		return false
	}
	s.i += len(next)
	return true
}

// plain reads the rest of a string that needs no escapes.
func (s *scanner) plain(to *string) bool {
	for i := s.i; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '"':
			*to = s.names.of(s.b[s.i:i])
			s.i = i + 1
			return true
		case c < 0x20 || c >= 0x7f || c == '\\':
			return false
		}
	}
	return false
}

// canonicalInt reads an integer of up to 18 digits, in the one form that it has.
func (s *scanner) canonicalInt() (n int64, ok bool) {
	b := s.b[s.i:]
	start := 0
	if len(b) > 0 && b[0] == '-' {
		start = 1
	}
	i := start
	for i < len(b) && b[i]-'0' <= 9 {
		n = n*10 + int64(b[i]-'0')
		i++
	}
	digits := i - start
	if digits == 0 || digits > 18 || b[start] == '0' && i > 1 { // 007, -0
		return 0, false
	}
	s.i += i
	if start == 1 {
		n = -n
	}
	return n, true
}

func (s *scanner) canonicalTime(e *Event) bool {
	n, ok := s.canonicalInt()
	e.Time = time.Duration(n)
	return ok
}

func (s *scanner) canonicalProcess(e *Event) bool {
	if s.skip(`"nemesis"`) {
		e.Process = Nemesis
		return true
	}
	n, ok := s.canonicalInt()
	e.Process = int(n)
	return ok && n >= 0 && n <= maxProcess
}

func (s *scanner) canonicalType(e *Event) bool {
	for t := Invoke; t <= Info; t++ {
		if s.skip(typeNames[t]) {
			e.Type = t
			return s.skip(`"`)
		}
	}
	return false
}

func (s *scanner) canonicalLogIndex(e *Event) bool {
	n, ok := s.canonicalInt()
	e.LogIndex = uint64(n)
	return ok && n > 0
}

func (s *scanner) canonicalFinal(e *Event) bool {
	e.Final = s.skip(`,"final?":true`)
	return true
}

func (s *scanner) canonicalValue(v *Value) bool {
	switch {
	case s.skip(`"`):
		var t string
		ok := s.plain(&t)
		*v = TextValue(t)
		return ok
	case s.skip(`null`):
		*v = NilValue()
		return true
	case s.skip(`[`):
		a, ok := s.canonicalInt()
		if !ok || !s.skip(`,`) {
			return false
		}
		b, ok := s.canonicalInt()
		*v = PairValue(a, b)
		return ok && s.skip(`]`)
	default:
		n, ok := s.canonicalInt()
		*v = IntValue(n)
		return ok
	}
}
