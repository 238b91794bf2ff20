package history

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// jsonParser reads JSON in pieces. Objects become maps, whose keys are text: the key "0" is not the number 0, which JSON
// cannot have as a key. JSON has one kind of number, so 1.0 is the integer 1; those that are no integers become
// Literals as in EDN, as do true and false.
type jsonParser struct {
	*lexer
	others otherFields // of the operation being read
}

// ParseJSON reads any JSON. Objects become maps, whereas in the JSON of our own histories, which ParseValue reads, they say what a value is.
func ParseJSON(s string) (Value, error) {
	l := lexer{r: strings.NewReader(s), buf: make([]byte, 0, len(s)+1), mark: -1, line: 1}
	p := jsonParser{lexer: &l}
	v, err := p.value(maxDepth)
	if err != nil {
		return Value{}, err
	}
	if p.space(); !l.ended() {
		return Value{}, l.errorf("unexpected %q after the value", l.buf[l.i])
	}
	return v, nil
}

func (p *jsonParser) space() {
	for !p.ended() {
		switch p.buf[p.i] {
		case '\n':
			p.i++
			p.newline()
		case ' ', '\t', '\r':
			p.i++
		default:
			return
		}
	}
}

// expect skips space and reads c.
func (p *jsonParser) expect(c byte) error {
	p.space()
	if p.ended() {
		return p.cutOff(p.position(), "the file ends where "+string(c)+" should be: it was cut off")
	}
	if p.buf[p.i] != c {
		return p.errorf("%q where %q should be", p.buf[p.i], c)
	}
	p.i++
	return nil
}

// value reads a value that nests at most so deep.
func (p *jsonParser) value(depth int) (Value, error) {
	p.space()
	switch c := p.peek(); {
	case c == '"':
		t, err := p.text()
		return TextValue(t), err
	case c == '[':
		return p.list(depth)
	case c == '{':
		return p.object(depth)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case p.ended():
		return Value{}, p.cutOff(p.position(), "the file ends where a value should be: it was cut off")
	default:
		return p.word()
	}
}

func (p *jsonParser) list(depth int) (Value, error) {
	begin := p.position()
	if depth == 0 {
		return Value{}, begin.errorf("lists nest more than %d deep", maxDepth)
	}
	p.i++ // '['
	var vs []Value
	for {
		switch p.space(); {
		case p.ended():
			return Value{}, p.cutOff(begin, "this array has no end")
		case len(vs) == 0 && p.buf[p.i] == ']':
			p.i++
			return ListValue(), nil
		}
		v, err := p.value(depth - 1)
		if err != nil {
			return Value{}, err
		}
		vs = append(vs, v)
		if p.space(); p.peek() == ']' {
			p.i++
			return ListValue(vs...), nil
		}
		if err := p.expect(','); err != nil {
			return Value{}, err
		}
	}
}

// object reads a map; its entries are lists in a list, so it is two deep.
func (p *jsonParser) object(depth int) (Value, error) {
	begin := p.position()
	if depth < 2 {
		return Value{}, begin.errorf("lists nest more than %d deep", maxDepth)
	}
	var entries [][2]Value
	err := p.members(begin, "object", func(_ position, name string) error {
		v, err := p.value(depth - 2)
		entries = append(entries, [2]Value{TextValue(name), v})
		return err
	})
	if err != nil {
		return Value{}, err
	}
	m := MapValue(entries...)
	if len(m.shape.list) != 2*len(entries) {
		return Value{}, begin.errorf("this object has a key twice")
	}
	return m, nil
}

// members reads an object and hands over the name of each member, with where it begins, to read its value.
func (p *jsonParser) members(begin position, what string, each func(at position, name string) error) error {
	if err := p.expect('{'); err != nil {
		return err
	}
	for first := true; ; first = false {
		if p.space(); p.peek() == '}' {
			p.i++
			return nil
		}
		if p.ended() {
			return p.cutOff(begin, "this "+what+" has no end: the file was cut off")
		}
		if !first {
			if err := p.expect(','); err != nil {
				return err
			}
			p.space()
		}
		at := p.position()
		if c := p.peek(); c != '"' && !p.ended() {
			return p.errorf("%q where the name of a field should be", c)
		} else if c != '"' {
			return p.cutOff(begin, "this "+what+" has no end: the file was cut off")
		}
		name, err := p.text()
		if err != nil {
			return err
		}
		if err := p.expect(':'); err != nil {
			return err
		}
		p.space()
		if err := each(at, name); err != nil {
			return err
		}
	}
}

// text reads a string.
func (p *jsonParser) text() (string, error) {
	begin := p.position()
	raw, _, err := p.string()
	if err != nil {
		return "", err
	}
	if isPlain(raw) {
		return p.names.of(raw), nil
	}
	t, at, err := unquoteJSON(append(append([]byte{'"'}, raw...), '"'))
	if err != nil {
		begin.column += at
		return "", begin.errorf("%v", err)
	}
	return t, nil
}

// isPlain tells whether a string is ASCII without escapes.
func isPlain(raw []byte) bool {
	for _, c := range raw {
		if c < ' ' || c >= 0x7f || c == '\\' {
			return false
		}
	}
	return true
}

func (p *jsonParser) number() (Value, error) {
	begin := p.position()
	t := p.token()
	if v, ok := parseNumber(t); ok && json.Valid(t) {
		return wholeNumber(v), nil
	}
	return Value{}, begin.errorf("%q is not a number", clip(t))
}

// wholeNumber makes an integer of a float that is one exactly.
func wholeNumber(v Value) Value {
	const exact = 1 << 53
	text, isLiteral := v.Literal()
	if !isLiteral {
		return v
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > exact {
		return v
	}
	return IntValue(int64(f))
}

// word reads null, true or false.
func (p *jsonParser) word() (Value, error) {
	begin := p.position()
	switch t := p.token(); {
	case bytes.Equal(t, []byte("null")):
		return NilValue(), nil
	case bytes.Equal(t, []byte("true")), bytes.Equal(t, []byte("false")):
		return literalValue(p.names.of(t), 0), nil
	case len(t) == 0:
		return Value{}, begin.errorf("%q where a value should be", p.peek())
	default:
		return Value{}, begin.errorf("%q is not a value", clip(t))
	}
}
