package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
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
		return appendJSONList(b, v.shape.list)
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
	return SetValue(vs...), nil
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
	return MapValue(entries...), nil
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

func appendEscaped(b []byte, s string) []byte {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	// The encoder would spell bytes that are no UTF-8 as \ufffd, which is read as a character that it
	// spells otherwise: the line would not have one form.
	if err := e.Encode(strings.ToValidUTF8(s, "\ufffd")); err != nil { // a string always encodes
		panic(err)
	}
	return append(b, bytes.TrimRight(buf.Bytes(), "\n")...)
}
