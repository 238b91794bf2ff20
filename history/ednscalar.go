package history

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// checkToken refuses a keyword, symbol or tag that could not be written again.
func checkToken(t []byte, at position) error {
	for _, c := range t {
		if c < ' ' || c == 0x7f {
			return at.errorf("control character %q in a name", c)
		}
	}
	if !utf8.Valid(t) {
		return at.errorf("the name is not UTF-8")
	}
	return nil
}

// The numbers of Clojure that are no plain integers. Each is a Literal in one form.
var (
	ednBigInt  = regexp.MustCompile(`^[+-]?(0|[1-9][0-9]*)N?$`)
	ednHex     = regexp.MustCompile(`^[+-]?0[xX][0-9a-fA-F]+$`)
	ednFloat   = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]*([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)$`)
	ednDecimal = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?M$`)
	ednRatio   = regexp.MustCompile(`^[+-]?[0-9]+/0*[1-9][0-9]*$`)
)

func (p *ednParser) number() (Value, error) {
	begin := p.position()
	t := p.token()
	if n, ok := smallInt(t); ok {
		return IntValue(n), nil
	}
	switch unsigned := strings.TrimPrefix(string(t), "+"); {
	case ednBigInt.Match(t):
		digits := strings.TrimSuffix(unsigned, "N")
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
			return IntValue(n), nil
		}
		return literalValue(digits+"N", 0), nil
	case ednHex.Match(t):
		if n, err := strconv.ParseInt(unsigned, 0, 64); err == nil {
			return IntValue(n), nil
		}
	case ednFloat.Match(t):
		if f, err := strconv.ParseFloat(unsigned, 64); err == nil {
			return literalValue(floatText(f), 0), nil
		}
	case ednDecimal.Match(t), ednRatio.Match(t):
		return literalValue(unsigned, 0), nil
	}
	return Value{}, begin.errorf("%q is not a number", clip(t))
}

// smallInt reads an integer of up to 18 digits.
func smallInt(t []byte) (n int64, ok bool) {
	digits := t
	if t[0] == '-' || t[0] == '+' {
		digits = t[1:]
	}
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && len(digits) > 1 {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if t[0] == '-' {
		n = -n
	}
	return n, true
}

// floatText is the float in one form, which is never that of an integer.
func floatText(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if f == math.Trunc(f) && !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// text reads a string.
func (p *ednParser) text() (string, error) {
	begin := p.position()
	raw, escaped, err := p.string()
	if err != nil {
		return "", err
	}
	if escaped {
		if raw, err = unescape(raw); err != nil {
			return "", begin.errorf("in the string that begins here: %v", err)
		}
	}
	if !utf8.Valid(raw) {
		return "", begin.errorf("the string that begins here is not UTF-8")
	}
	return p.names.of(raw), nil
}

var escapes = map[byte]byte{'t': '\t', 'r': '\r', 'n': '\n', 'b': '\b', 'f': '\f', '\\': '\\', '"': '"'}

// unescape resolves the escapes of a string.
func unescape(raw []byte) ([]byte, error) {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			i++
			continue
		}
		rest := raw[i+1:] // the lexer has seen to it that something follows a backslash
		if c, ok := escapes[rest[0]]; ok {
			out = append(out, c)
			i += 2
			continue
		}
		r, n, err := codePoint(rest)
		if err != nil {
			return nil, err
		}
		if utf16.IsSurrogate(r) { // a character beyond the first 65,536 is two escapes
			low, m, _ := surrogate(rest[n:])
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return nil, errSurrogate(raw[i:])
			}
			n += m
		}
		out = utf8.AppendRune(out, r)
		i += 1 + n
	}
	return out, nil
}

// surrogate reads an escape that may be the second half of a character.
func surrogate(b []byte) (r rune, n int, err error) {
	if len(b) == 0 || b[0] != '\\' {
		return 0, 0, nil
	}
	r, n, err = codePoint(b[1:])
	return r, n + 1, err
}

// codePoint reads u1234 or an octal number up to 377, and tells how many bytes it took.
func codePoint(b []byte) (r rune, n int, err error) {
	if len(b) >= 5 && b[0] == 'u' {
		c, err := strconv.ParseUint(string(b[1:5]), 16, 16)
		if err == nil {
			return rune(c), 5, nil
		}
	}
	for n < len(b) && n < 3 && b[n] >= '0' && b[n] <= '7' {
		n++
	}
	if c, err := strconv.ParseUint(string(b[:n]), 8, 8); err == nil {
		return rune(c), n, nil
	}
	return 0, 0, fmt.Errorf(`\%s is not an escape`, clip(b[:min(len(b), 5)]))
}

var charNames = map[string]rune{"newline": '\n', "space": ' ', "tab": '\t', "return": '\r', "formfeed": '\f', "backspace": '\b'}

// char reads a character: \a, \newline, \u0041, \o101.
func (p *ednParser) char() (Value, error) {
	begin := p.position()
	t := p.character()
	if r, ok := charNames[string(t)]; ok {
		return charValue(r), nil
	}
	if r, n := utf8.DecodeRune(t); n > 0 && n == len(t) && (r != utf8.RuneError || n > 1) && r >= ' ' {
		return charValue(r), nil
	}
	if len(t) > 1 && (t[0] == 'u' || t[0] == 'o') {
		if r, n, err := codePoint(bytes.TrimPrefix(t, []byte("o"))); err == nil && n == len(bytes.TrimPrefix(t, []byte("o"))) && !utf16.IsSurrogate(r) {
			return charValue(r), nil
		}
	}
	return Value{}, begin.errorf(`\%s is not a character`, clip(t))
}

func charValue(r rune) Value {
	for name, c := range charNames {
		if c == r {
			return literalValue(`\`+name, 0)
		}
	}
	if r < ' ' || r == 0x7f {
		return literalValue(fmt.Sprintf(`\u%04X`, r), 0)
	}
	return literalValue(`\`+string(r), 0)
}

// clip shortens what a message quotes.
func clip(b []byte) string {
	const most = 40
	if len(b) <= most {
		return string(b)
	}
	return string(bytes.ToValidUTF8(b[:most], nil)) + "…"
}
