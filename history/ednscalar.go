package history

import (
	"bytes"
	"fmt"
	"strconv"
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

func (p *ednParser) number() (Value, error) {
	begin := p.position()
	t := p.token()
	v, ok := parseNumber(t)
	if !ok {
		return Value{}, begin.errorf("%q is not a number", clip(t))
	}
	return v, nil
}

// textValue reads a string.
func (p *ednParser) textValue() (Value, error) {
	begin := p.position()
	raw, escaped, err := p.string()
	if err != nil {
		return Value{}, err
	}
	if escaped {
		if raw, err = unescape(raw); err != nil {
			return Value{}, begin.errorf("in the string that begins here: %v", err)
		}
	}
	if !utf8.Valid(raw) {
		return Value{}, begin.errorf("the string that begins here is not UTF-8")
	}
	return p.names.text(raw), nil
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
