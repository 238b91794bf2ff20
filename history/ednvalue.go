package history

import (
	"bytes"
	"strings"
)

// ParseEDN reads a value from EDN, the notation of Jepsen's histories: nil, an integer, a string, a
// vector or a list of values, a set, a map; anything else becomes a Literal.
func ParseEDN(s string) (Value, error) {
	l := lexer{r: strings.NewReader(s), buf: make([]byte, 0, len(s)+1), mark: -1, line: 1}
	p := ednParser{lexer: &l}
	v, err := p.value(maxDepth)
	if err != nil {
		return Value{}, err
	}
	if err := p.skip(maxDepth); err != nil {
		return Value{}, err
	}
	if !l.ended() {
		return Value{}, l.errorf("unexpected %q after the value", l.buf[l.i])
	}
	return v, nil
}

// ednParser reads values. Each method takes how deep the value it reads may nest.
type ednParser struct {
	*lexer
	stack  []Value     // the elements of the collections being read
	ints   []int64     // those of a list that has integers alone so far
	others otherFields // of the operation being read
	room   valueRoom
}

// skip skips white space, comments and discarded forms.
func (p *ednParser) skip(depth int) error {
	for {
		p.space()
		if p.peek() != '#' || p.second() != '_' {
			return nil
		}
		if depth == 0 {
			return p.errorf("forms nest more than %d deep", maxDepth)
		}
		p.i += 2
		if _, err := p.value(depth - 1); err != nil {
			return err
		}
	}
}

// value reads the next value.
func (p *ednParser) value(depth int) (Value, error) {
	if err := p.skip(depth); err != nil {
		return Value{}, err
	}
	if p.ended() {
		return Value{}, p.cutOff(p.position(), "a value is missing")
	}
	switch c := p.buf[p.i]; {
	case c >= '0' && c <= '9':
		return p.number()
	case c == '-' || c == '+':
		if d := p.second(); d >= '0' && d <= '9' {
			return p.number()
		}
		return p.symbol()
	case c == ':':
		return p.keyword()
	case c == '"':
		return p.textValue()
	case c == '[':
		return p.list(']', "vector", depth)
	case c == '(':
		return p.list(')', "list", depth)
	case c == '{':
		return p.entries(depth)
	case c == '\\':
		return p.char()
	case c == '#':
		return p.dispatch(depth)
	case ednDelimiter[c] || c < ' ' || c == 0x7f:
		return Value{}, p.errorf("%q where a value should be", c)
	default:
		return p.symbol()
	}
}

// list reads a vector or a list. (list 1 2) is the list of 1 and 2, as it is to Clojure.
func (p *ednParser) list(end byte, what string, depth int) (Value, error) {
	base, err := p.elements(end, what, depth)
	if err != nil {
		return Value{}, err
	}
	v := p.room.list(listed(p.stack[base:], end))
	p.stack = p.stack[:base]
	return v, nil
}

// listed are the elements of a vector, or of a list without its name.
func listed(elements []Value, end byte) []Value {
	if end == ')' && len(elements) > 0 {
		if name, ok := elements[0].Literal(); ok && name == "list" {
			return elements[1:]
		}
	}
	return elements
}

// elements reads a collection onto the stack, and tells where on it they begin.
func (p *ednParser) elements(end byte, what string, depth int) (base int, err error) {
	if depth == 0 {
		return 0, p.errorf("forms nest more than %d deep", maxDepth)
	}
	begin := p.position()
	p.i++
	return p.rest(begin, end, what, depth)
}

// rest is elements after the bracket that opened the collection.
func (p *ednParser) rest(begin position, end byte, what string, depth int) (base int, err error) {
	base = len(p.stack)
	for {
		if err := p.skip(depth - 1); err != nil {
			return 0, err
		}
		if p.ended() {
			return 0, p.cutOff(begin, "this "+what+" has no end")
		}
		if p.buf[p.i] == end {
			p.i++
			return base, nil
		}
		v, err := p.value(depth - 1)
		if err != nil {
			return 0, err
		}
		p.stack = append(p.stack, v)
	}
}

func (p *ednParser) entries(depth int) (Value, error) {
	begin := p.position()
	if depth < 2 {
		return Value{}, begin.errorf("forms nest more than %d deep", maxDepth)
	}
	base, err := p.elements('}', "map", depth-1)
	if err != nil {
		return Value{}, err
	}
	kvs := p.stack[base:]
	p.stack = p.stack[:base]
	if len(kvs)%2 != 0 {
		return Value{}, begin.errorf("the last key of this map has no value")
	}
	v, distinct := mapOf(kvs)
	if !distinct {
		return Value{}, begin.errorf("this map has a key twice")
	}
	return v, nil
}

func (p *ednParser) set(depth int) (Value, error) {
	begin := p.position()
	p.i++ // '#'
	base, err := p.elements('}', "set", depth)
	if err != nil {
		return Value{}, err
	}
	v, distinct := setOf(p.stack[base:])
	if !distinct {
		return Value{}, begin.errorf("this set has an element twice")
	}
	p.stack = p.stack[:base]
	return v, nil
}

// dispatch reads what begins with '#'.
func (p *ednParser) dispatch(depth int) (Value, error) {
	switch p.second() {
	case '{':
		return p.set(depth)
	case '"': // a regular expression, as Clojure prints it
		p.i++
		t, err := p.textValue()
		return literalValue(string(t.AppendEDN([]byte{'#'})), 0), err
	case '#': // ##Inf, ##-Inf, ##NaN
		return p.symbol()
	}
	tag, v, err := p.tagged(depth)
	if err != nil {
		return Value{}, err
	}
	return tagValue(tag, v), nil
}

func tagValue(tag string, v Value) Value {
	return literalValue(string(v.AppendEDN(append([]byte(tag), ' '))), 1+v.depth())
}

// tagged reads a tag with its '#', and the value it belongs to.
func (p *ednParser) tagged(depth int) (tag string, v Value, err error) {
	if depth == 0 {
		return "", Value{}, p.errorf("forms nest more than %d deep", maxDepth)
	}
	begin := p.position()
	p.i++
	t := p.token()
	if len(t) == 0 {
		return "", Value{}, begin.errorf("a tag should follow this #")
	}
	if err := checkToken(t, begin); err != nil {
		return "", Value{}, err
	}
	tag = "#" + string(t)
	v, err = p.value(depth - 1)
	return tag, v, err
}

func (p *ednParser) keyword() (Value, error) {
	begin := p.position()
	t := p.token()
	if len(t) == 1 {
		return Value{}, begin.errorf("a name should follow this colon")
	}
	if err := checkToken(t, begin); err != nil {
		return Value{}, err
	}
	return p.names.literal(t), nil
}

func (p *ednParser) symbol() (Value, error) {
	begin := p.position()
	t := p.token()
	if err := checkToken(t, begin); err != nil {
		return Value{}, err
	}
	if bytes.Equal(t, []byte("nil")) {
		return NilValue(), nil
	}
	return p.names.literal(t), nil
}
