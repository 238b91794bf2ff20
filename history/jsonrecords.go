package history

import (
	"fmt"
	"io"
)

// jsonRecords reads operations as other tools write them in JSON: an object each, one after the other or all of them in
// one array, with the fields that Jepsen has:
//
//	{"type":"invoke","f":"write","value":1,"process":0,"time":1000}
//	[{"index":0,"process":1,"type":"ok","f":"txn","value":[["append",253,1]]}]
type jsonRecords struct {
	p     jsonParser
	array bool     // the operations are in an array
	begin position // where it was opened
	count int
	done  bool
}

func newJSONRecords(r io.Reader) *jsonRecords {
	return &jsonRecords{p: jsonParser{lexer: newLexer(r)}}
}

// next reads the next operation.
func (j *jsonRecords) next(r *record) error {
	p := &j.p
	p.form = between
	p.space()
	if j.count == 0 && !j.array && p.peek() == '[' {
		j.array, j.begin = true, p.position()
		p.i++
		p.space()
	}
	switch c := p.peek(); {
	case p.ended():
		return j.atEnd()
	case j.done:
		return p.errorf("something follows the end of the history")
	case j.array && c == ']':
		p.i++
		j.done = true
		return j.next(r)
	case j.array && j.count > 0:
		if err := p.expect(','); err != nil {
			return err
		}
	}
	j.count++
	return p.operation(r)
}

func (j *jsonRecords) atEnd() error {
	if j.p.err != io.EOF {
		return j.p.cutOff(j.p.position(), "the history is")
	}
	if j.array && !j.done {
		return j.p.cutOff(j.begin, "this array of operations has no end: the file was cut off")
	}
	return io.EOF
}

// operation reads one object. Fields that tools add of their own are read and dropped.
func (p *jsonParser) operation(r *record) error {
	p.space()
	p.form = p.base + int64(p.i)
	*r = record{at: p.position()}
	p.others = p.others[:0]
	err := p.members(r.at, "operation", func(at position, name string) error {
		f, err := p.fieldOf(name, r)
		if err != nil {
			return at.errorf("%v", err)
		}
		r.fields |= f
		at = p.position()
		v, err := p.value(maxDepth + 1) // a tuple is one list more
		if err != nil {
			return err
		}
		if err := r.set(f, v); err != nil {
			return at.errorf("%v", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.size = p.read()
	return r.whole()
}

// fieldOf tells which field is meant; no one if tools add it of their own.
func (p *jsonParser) fieldOf(name string, r *record) (fields, error) {
	f := jsonFields[name]
	switch {
	case f == 0:
		return 0, p.others.add(name)
	case f&r.fields != 0:
		return 0, fmt.Errorf("this operation has the field %s twice", name)
	}
	return f, nil
}
