package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind says what a Value holds.
type Kind uint8

const (
	None Kind = iota // no value at all: the zero Value
	Nil              // the absence of a value, as read from a register that was never written
	Int
	Pair // two integers, such as the expected and the new value of a cas
	Text
	List
)

// Value is the argument or the result of an operation. The zero Value is None. Values are immutable.
// Integers and pairs of them, which are nearly all values there are, need no allocation.
type Value struct {
	kind Kind
	a, b int64
	more *composite
}

type composite struct {
	text string
	list []Value
}

// NilValue is what reading an unwritten register returns.
func NilValue() Value { return Value{kind: Nil} }

// IntValue is an integer.
func IntValue(n int64) Value { return Value{kind: Int, a: n} }

// PairValue is two integers in order.
func PairValue(a, b int64) Value { return Value{kind: Pair, a: a, b: b} }

// TextValue is a string.
func TextValue(s string) Value { return Value{kind: Text, more: &composite{text: s}} }

// ListValue is a sequence of values. Two integers are a Pair, so that a list has one form only.
func ListValue(vs ...Value) Value {
	if len(vs) == 2 && vs[0].kind == Int && vs[1].kind == Int {
		return PairValue(vs[0].a, vs[1].a)
	}
	return Value{kind: List, more: &composite{list: slices.Clone(vs)}}
}

// Kind tells what v holds.
func (v Value) Kind() Kind { return v.kind }

// Int returns the integer, if v is one.
func (v Value) Int() (n int64, ok bool) { return v.a, v.kind == Int }

// Pair returns both integers, if v is a pair.
func (v Value) Pair() (a, b int64, ok bool) { return v.a, v.b, v.kind == Pair }

// Text returns the string, if v is one.
func (v Value) Text() (s string, ok bool) {
	if v.kind != Text {
		return "", false
	}
	return v.more.text, true
}

// List returns the elements of a list or a pair.
func (v Value) List() (vs []Value, ok bool) {
	switch v.kind {
	case Pair:
		return []Value{IntValue(v.a), IntValue(v.b)}, true
	case List:
		return slices.Clone(v.more.list), true
	default:
		return nil, false
	}
}

// Equal reports whether v and w hold the same.
func (v Value) Equal(w Value) bool {
	if v.kind != w.kind || v.a != w.a || v.b != w.b {
		return false
	}
	switch v.kind {
	case Text:
		return v.more.text == w.more.text
	case List:
		return slices.EqualFunc(v.more.list, w.more.list, Value.Equal)
	default:
		return true
	}
}

// depth is how deep lists nest in v.
func (v Value) depth() int {
	switch v.kind {
	case Pair:
		return 1
	case List:
		deepest := 0
		for _, e := range v.more.list {
			deepest = max(deepest, e.depth())
		}
		return 1 + deepest
	default:
		return 0
	}
}

// String is the value as JSON; None is the empty string.
func (v Value) String() string { return string(v.AppendJSON(nil)) }

// AppendJSON appends the value as JSON, in the one form that each value has; None appends nothing.
func (v Value) AppendJSON(b []byte) []byte {
	switch v.kind {
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
		return appendString(b, v.more.text)
	default:
		b = append(b, '[')
		for i, e := range v.more.list {
			if i > 0 {
				b = append(b, ',')
			}
			b = e.AppendJSON(b)
		}
		return append(b, ']')
	}
}

// ParseValue reads a value from JSON: null, an integer, a string, or an array of these.
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
