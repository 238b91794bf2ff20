package history

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// AppendEDN appends the value as EDN on one line; None is nil.
func (v Value) AppendEDN(b []byte) []byte {
	switch v.Kind() {
	case None, Nil:
		return append(b, "nil"...)
	case Int:
		return strconv.AppendInt(b, v.a, 10)
	case Pair:
		b = strconv.AppendInt(append(b, '['), v.a, 10)
		return append(strconv.AppendInt(append(b, ' '), v.b, 10), ']')
	case Text:
		return appendEDNString(b, v.shape.text)
	case Literal:
		return append(b, v.shape.text...)
	case Set:
		return append(appendEDNList(append(b, "#{"...), v.shape.list), '}')
	case Map:
		return append(appendEDNEntries(append(b, '{'), v.shape.list), '}')
	default:
		if ints := v.Ints(); ints != nil {
			return append(appendInts(append(b, '['), ints, ' '), ']')
		}
		return append(appendEDNList(append(b, '['), v.elements()), ']')
	}
}

func appendEDNList(b []byte, vs []Value) []byte {
	for i, e := range vs {
		if i > 0 {
			b = append(b, ' ')
		}
		b = e.AppendEDN(b)
	}
	return b
}

// appendInts appends integers with something between them.
func appendInts(b []byte, ints []int64, between byte) []byte {
	for i, n := range ints {
		if i > 0 {
			b = append(b, between)
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return b
}

// appendEDNEntries appends keys with their values, as Clojure prints them: with a comma between entries.
func appendEDNEntries(b []byte, keysAndValues []Value) []byte {
	for i, e := range keysAndValues {
		switch {
		case i > 0 && i%2 == 0:
			b = append(b, ", "...)
		case i > 0:
			b = append(b, ' ')
		}
		b = e.AppendEDN(b)
	}
	return b
}

// appendEDNString appends s as an EDN string without a line break. Bytes that are no UTF-8 stay as they are: a writer
// refuses the line then.
func appendEDNString(b []byte, s string) []byte {
	b = append(b, '"')
	for i, n := 0, 0; i < len(s); i += n {
		var r rune
		r, n = utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\u0085':
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = append(b, s[i:i+n]...)
		}
	}
	return append(b, '"')
}
