package history

import (
	"io"
	"strings"
)

// ednRecords reads operations, one after the other or all of them in one vector or list. An operation is a map, or a
// vector of what Jepsen's logs have in columns: [process type f value error].
type ednRecords struct {
	p     ednParser
	end   byte     // what closes the vector or list around the operations, 0 if there is none
	begin position // where it was opened
	begun bool     // an operation, or what is around them, was read
	done  bool
}

func newEDNRecords(r io.Reader) *ednRecords {
	return &ednRecords{p: ednParser{lexer: newLexer(r), room: valueRoom{reserve: true}}}
}

// next reads the next operation.
func (e *ednRecords) next(r *record) error {
	for {
		e.p.form = between
		if err := e.p.skip(maxDepth); err != nil {
			return err
		}
		if e.p.ended() {
			return e.atEnd()
		}
		c := e.p.buf[e.p.i]
		switch {
		case e.done:
			return e.p.errorf("something follows the end of the history")
		case e.end != 0 && c == e.end:
			e.p.i++
			e.done, e.end = true, 0
		case !e.begun && (c == '[' || c == '('):
			e.begun = true
			vector, err := e.open(c)
			if err != nil {
				return err
			}
			if vector {
				return e.p.vector(r, e.begin, closing[c])
			}
		case c == '[' || c == '(':
			at := e.p.position()
			e.p.form = e.p.base + int64(e.p.i)
			e.p.i++
			return e.p.vector(r, at, closing[c])
		default:
			e.begun = true
			return e.p.operation(r)
		}
	}
}

var closing = map[byte]byte{'[': ']', '(': ')'}

// open opens the vector or list that a file begins with. It is an operation itself if it begins with a process.
func (e *ednRecords) open(c byte) (vector bool, err error) {
	e.begin = e.p.position()
	e.p.form = e.p.base + int64(e.p.i)
	e.p.i++
	if err := e.p.skip(maxDepth); err != nil {
		return false, err
	}
	switch e.p.peek() {
	case '{', '[', '(', '#', closing[c], 0:
		e.end = closing[c]
		return false, nil
	}
	return true, nil
}

func (e *ednRecords) atEnd() error {
	if e.p.err != io.EOF {
		return e.p.cutOff(e.p.position(), "the history is")
	}
	if e.end != 0 {
		return e.p.cutOff(e.begin, "this list of operations has no end: the file was cut off")
	}
	return io.EOF
}

// vector reads what is left of [process type f value error], whose bracket opened at a place before. The value and the
// error may be missing.
func (p *ednParser) vector(r *record, at position, end byte) error {
	*r = record{at: at}
	base, err := p.rest(at, end, "operation", maxDepth+2)
	if err != nil {
		return err
	}
	columns := p.stack[base:]
	p.stack = p.stack[:base]
	order := [...]fields{hasProcess, hasType, hasF, hasValue, hasError}
	if len(columns) < 3 || len(columns) > len(order) {
		return at.errorf("an operation that is a vector has a process, a type, a function, and perhaps a value and an error, and not %d elements", len(columns))
	}
	for i, v := range columns {
		r.fields |= order[i]
		if err := r.set(order[i], v); err != nil {
			return at.errorf("%v", err)
		}
	}
	r.size = p.read()
	return r.whole()
}

// operation reads one map, with or without the tag of a record in front: #jepsen.history.Op{…}.
func (p *ednParser) operation(r *record) error {
	p.form = p.base + int64(p.i)
	*r = record{at: p.position()}
	p.others = p.others[:0]
	if p.plain(r) {
		return r.whole()
	}
	if c := p.peek(); c == '#' && p.second() != '{' {
		p.i++
		if t := p.token(); len(t) == 0 {
			return r.at.errorf("a tag should follow this #")
		}
		if err := p.skip(maxDepth); err != nil {
			return err
		}
	}
	if p.ended() {
		return p.cutOff(r.at, "no operation follows this tag: the file was cut off")
	}
	if c := p.buf[p.i]; c != '{' {
		return p.errorf("%q where an operation should begin: a map such as {:process 0, :type :invoke, :f :read, :value nil}", c)
	}
	p.i++
	for {
		if err := p.skip(maxDepth); err != nil {
			return err
		}
		if p.ended() {
			return p.cutOff(r.at, "this operation has no end: the file was cut off")
		}
		if p.buf[p.i] == '}' {
			p.i++
			r.size = p.read()
			return r.whole()
		}
		if err := p.field(r); err != nil {
			return err
		}
	}
}

// ednField tells which field a keyword names; none if tools add it of their own.
func ednField(keyword []byte) fields {
	switch string(keyword) {
	case ":time":
		return hasTime
	case ":process":
		return hasProcess
	case ":type":
		return hasType
	case ":f":
		return hasF
	case ":value":
		return hasValue
	case ":error":
		return hasError
	case ":index":
		return hasIndex
	case ":key":
		return hasKey
	case ":node":
		return hasNode
	case ":log-index":
		return hasLogIndex
	case ":final?":
		return hasFinal
	case ":faultline/tuples":
		return hasTuples
	case ":faultline/no-value":
		return hasNoValue
	case ":faultline/found":
		return hasFound
	}
	return 0
}

// field reads a key of an operation and its value. Jepsen's clients add fields of their own, which are
// read and dropped.
func (p *ednParser) field(r *record) error {
	at := p.position()
	f, err := p.fieldName()
	if err != nil {
		return err
	}
	if f&r.fields != 0 {
		return at.errorf("this operation has the field twice")
	}
	r.fields |= f
	if err := p.skip(maxDepth); err != nil {
		return err
	}
	at = p.position()
	switch c := p.peek(); {
	case c == '}':
		return at.errorf("the last field of this operation has no value")
	case c == '#' && f == hasValue:
		return p.taggedValue(r)
	case c == ':' && (f == hasType || f == hasF):
		return p.name(r, f)
	}
	v, err := p.value(maxDepth + 1) // a tuple is one list more
	if err != nil {
		return err
	}
	if err := r.set(f, v); err != nil {
		return at.errorf("%v", err)
	}
	return nil
}

// fieldName reads the key of a field, and tells which one it is; no one if tools add it of their own.
func (p *ednParser) fieldName() (f fields, err error) {
	at := p.position()
	var name string
	if p.buf[p.i] == ':' {
		t := p.token()
		if f := ednField(t); f != 0 {
			return f, nil
		}
		name = p.names.of(t)
	} else {
		key, err := p.value(maxDepth)
		if err != nil {
			return 0, err
		}
		name = string(key.AppendEDN(nil))
	}
	if err := p.others.add(name); err != nil {
		return 0, at.errorf("%v", err)
	}
	return 0, nil
}

// name reads the keyword of a :type or :f, without making a Value of it.
func (p *ednParser) name(r *record, f fields) (err error) {
	at := p.position()
	t := p.token()
	if err := checkToken(t, at); err != nil {
		return err
	}
	if f == hasF {
		r.F = p.names.of(t[1:])
		return nil
	}
	if r.Type, err = ParseType(p.names.of(t[1:])); err != nil {
		return at.errorf("%v", err)
	}
	return nil
}

// taggedValue reads a :value that begins with #. A tuple may be tagged: #jepsen.independent.Tuple[key value].
func (p *ednParser) taggedValue(r *record) (err error) {
	if c := p.second(); c == '{' || c == '#' || c == '"' {
		r.Value, err = p.value(maxDepth)
		return err
	}
	at := p.position()
	tag, v, err := p.tagged(maxDepth)
	if err != nil {
		return err
	}
	if !strings.HasSuffix(tag, "Tuple") && !strings.HasSuffix(tag, "MapEntry") {
		r.Value = tagValue(tag, v)
		return nil
	}
	if r.Value, r.tuple = entryOf(v); !r.tuple {
		return at.errorf("%s is followed by %s, which is not a key with a value", tag, shortEDN(v))
	}
	return nil
}

// entryOf is a key and a value as a list of two, however a record of them is printed.
func entryOf(v Value) (Value, bool) {
	if _, _, ok := two(v); ok {
		return v, true
	}
	var key, value Value
	entries, _ := v.Map()
	for _, e := range entries {
		switch name, _ := nameOf(e[0]); name {
		case "k", "key":
			key = e[1]
		case "v", "val", "value":
			value = e[1]
		}
	}
	return ListValue(key, value), key.Kind() != None && value.Kind() != None
}
