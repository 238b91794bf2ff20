package history

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// player plays a tape once. It decodes from a piece of the file at a time, without a call for each byte.
type player struct {
	in     io.ReaderAt
	at     int64 // where the piece ends in the file
	size   int64 // of the file
	piece  []byte
	rest   []byte // what is left of the piece
	texts  []string
	last   int64 // the time of the event before
	events int
	err    error // the first one
}

func (t *Tape) play() *player { return &player{in: t.in, size: t.size} }

// next reads an event; io.EOF after the last one.
func (p *player) next(e *Event) error {
	p.have(1)
	if len(p.rest) == 0 && p.err == nil {
		return io.EOF
	}
	kind := p.octet()
	e.Type, e.Final = Type(kind&^finalBit), kind&finalBit != 0
	p.last += p.number()
	e.Time, e.Process = time.Duration(p.last), int(p.number())
	e.F, e.Key, e.Node, e.Error = p.text(), p.text(), p.text(), p.text()
	e.LogIndex = p.count()
	e.Value = p.value()
	p.events++
	if p.err != nil {
		return fmt.Errorf("event %d of the history cannot be read: %w", p.events, p.err)
	}
	return nil
}

func (p *player) blame(err error) error { return fmt.Errorf("event %d: %w", p.events-1, err) }

// have has at least n bytes of the file at hand, if there are so many left.
func (p *player) have(n int) {
	left := p.size - p.at
	if len(p.rest) >= n || left == 0 || p.err != nil {
		return
	}
	if n > cap(p.piece) {
		p.piece = make([]byte, max(n, handoverPiece))
	}
	kept := copy(p.piece[:cap(p.piece)], p.rest)
	more := int(min(left, int64(cap(p.piece)-kept)))
	p.rest = p.piece[:kept+more]
	if _, err := p.in.ReadAt(p.rest[kept:], p.at); err != nil && err != io.EOF { // the end comes with the last bytes
		p.fail(err)
	}
	p.at += int64(more)
}

func (p *player) text() string {
	n := p.count()
	switch {
	case n > uint64(len(p.texts)):
		p.fail(fmt.Errorf("there is no text number %d", n))
		return ""
	case n > 0:
		return p.texts[n-1]
	}
	if len(p.texts) == handoverTexts {
		p.texts = p.texts[:0]
	}
	s := p.bytes()
	p.texts = append(p.texts, s)
	return s
}

func (p *player) value() Value {
	switch kind := Kind(p.octet()); kind {
	case None:
		return Value{}
	case Nil:
		return NilValue()
	case Int:
		return IntValue(p.number())
	case Pair:
		a := p.number()
		return PairValue(a, p.number())
	case Text:
		return TextValue(p.bytes())
	case Literal:
		s := p.bytes()
		return literalValue(s, int(p.number()))
	case List:
		return ListValue(p.values(p.count())...)
	case Set, Map:
		return Value{shape: &shape{kind: kind, list: p.values(p.count())}}
	default:
		p.fail(fmt.Errorf("there is no value of kind %d", kind))
		return Value{}
	}
}

func (p *player) values(n uint64) []Value {
	vs := make([]Value, 0, min(n, handoverPiece)) // a file that is damaged may say any number
	for range n {
		if p.err != nil {
			break
		}
		vs = append(vs, p.value())
	}
	return vs
}

func (p *player) bytes() string {
	n := p.count()
	if n > maxLine {
		p.fail(fmt.Errorf("a text has %d bytes", n))
		return ""
	}
	p.have(int(n))
	if uint64(len(p.rest)) < n {
		p.fail(io.ErrUnexpectedEOF)
		return ""
	}
	s := string(p.rest[:n])
	p.rest = p.rest[n:]
	return s
}

func (p *player) octet() byte {
	p.have(1)
	if len(p.rest) == 0 {
		p.fail(io.ErrUnexpectedEOF)
		return 0
	}
	b := p.rest[0]
	p.rest = p.rest[1:]
	return b
}

func (p *player) number() int64 {
	n := p.count()
	return int64(n>>1) ^ -int64(n&1)
}

func (p *player) count() uint64 {
	p.have(binary.MaxVarintLen64)
	n, length := binary.Uvarint(p.rest)
	if length <= 0 {
		p.fail(io.ErrUnexpectedEOF)
		return 0
	}
	p.rest = p.rest[length:]
	return n
}

func (p *player) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}
