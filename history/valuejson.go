package history

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String is the value as JSON; None is the empty string.
func (v Value) String() string { return string(v.AppendJSON(nil)) }

// AppendJSON appends the value as JSON, in the one form that each value has; None appends nothing.
// What JSON has no word for is an object that names it: {"set":[1,2]}, {"map":[[1,"a"]]}, {"edn":":x"}.
func (v Value) AppendJSON(b []byte) []byte {
	switch v.Kind() {
	case None:
		return b
	case Nil:
		return append(b, "null"...)
	case Int:
		return strconv.AppendInt(b, v.a, 10)
	case Pair:
		b = strconv.AppendInt(append(b, '['), v.a, 10)
		return append(strconv.AppendInt(append(b, ','), v.b, 10), ']')
	case Text:
		return appendString(b, v.shape.text)
	case Set:
		return append(appendJSONList(append(b, `{"set":`...), v.shape.list), '}')
	case Map:
		return append(appendJSONEntries(append(b, `{"map":`...), v.shape.list), '}')
	case Literal:
		return append(appendString(append(b, `{"edn":`...), v.shape.text), '}')
	default:
		if ints := v.Ints(); ints != nil {
			return append(appendInts(append(b, '['), ints, ','), ']')
		}
		return appendJSONList(b, v.elements())
	}
}

func appendJSONList(b []byte, vs []Value) []byte {
	b = append(b, '[')
	for i, e := range vs {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.AppendJSON(b)
	}
	return append(b, ']')
}

func appendJSONEntries(b []byte, kvs []Value) []byte {
	b = append(b, '[')
	for i := 0; i < len(kvs); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSONList(b, kvs[i:i+2])
	}
	return append(b, ']')
}

// ParseValue reads a value from JSON: null, an integer, a string, an array of these, or one of the
// objects that AppendJSON writes.
func ParseValue(b []byte) (Value, error) {
	s := scanner{b: b}
	v, err := s.value(0)
	if err != nil {
		return Value{}, err
	}
	if s.space(); s.i < len(b) {
		return Value{}, fmt.Errorf("column %d: unexpected %q after the value", s.i+1, s.b[s.i])
	}
	return v, nil
}

// object reads what is spelled as an object with one member, whose name says what the value is.
func (s *scanner) object(depth int) (v Value, err error) {
	s.i++ // '{'
	name, err := s.string()
	if err != nil {
		return Value{}, err
	}
	if err := s.next(':'); err != nil {
		return Value{}, err
	}
	switch c := s.peek(); {
	case name == "set" && c == '[':
		v, err = s.set(depth)
	case name == "map" && c == '[':
		v, err = s.entries(depth)
	case name == "edn" && c == '"':
		v, err = s.edn(depth)
	default:
		err = s.errorf(`an object is {"set":[…]}, {"map":[[…,…]]} or {"edn":"…"}`)
	}
	if err != nil {
		return Value{}, err
	}
	return v, s.next('}')
}

func (s *scanner) set(depth int) (Value, error) {
	elements, err := s.list(depth)
	if err != nil {
		return Value{}, err
	}
	vs, _ := elements.List()
	set := SetValue(vs...)
	if len(set.shape.list) != len(vs) {
		return Value{}, s.errorf("this set has an element twice")
	}
	return set, nil
}

func (s *scanner) entries(depth int) (Value, error) {
	list, err := s.list(depth)
	if err != nil {
		return Value{}, err
	}
	vs, _ := list.List()
	entries := make([][2]Value, len(vs))
	for i, v := range vs {
		kv, ok := v.List()
		if !ok || len(kv) != 2 {
			return Value{}, s.errorf("entry %d of the map is not a key and a value", i+1)
		}
		entries[i] = [2]Value{kv[0], kv[1]}
	}
	m := MapValue(entries...)
	if len(m.shape.list) != 2*len(entries) {
		return Value{}, s.errorf("this map has a key twice")
	}
	return m, nil
}

func (s *scanner) edn(depth int) (Value, error) {
	text, err := s.string()
	if err != nil {
		return Value{}, err
	}
	v, err := ParseEDN(text)
	if err != nil {
		return Value{}, s.errorf("in the EDN: %v", err)
	}
	if depth+v.depth() > maxDepth {
		return Value{}, s.errorf("lists nest more than %d deep", maxDepth)
	}
	return v, nil
}

// appendString appends s as a JSON string. Plain ASCII, which nearly everything is, needs no escapes.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			return appendEscaped(b, s)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// appendEscaped appends a JSON string as encoding/json would, except that bytes that are no UTF-8 stay as they are: a
// writer refuses the line then.
func appendEscaped(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ' || r == '\u2028' || r == '\u2029':
			b = appendControl(b, r)
		default:
			b = append(b, s[i:i+n]...)
		}
		i += n
	}
	return append(b, '"')
}

func appendControl(b []byte, r rune) []byte {
	const short = "\bb\ff\nn\rr\tt" // a character, and the letter that stands for it
	if i := strings.IndexRune(short, r); i >= 0 && r < ' ' {
		return append(b, '\\', short[i+1])
	}
	return fmt.Appendf(b, `\u%04x`, r)
}
