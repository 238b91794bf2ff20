package history

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// TakeOver reads what a Handover has written, of so many bytes.
func TakeOver(r io.ReaderAt, size int64) ([]Event, error) {
	var tail [handoverCount]byte
	if _, err := r.ReadAt(tail[:], size-handoverCount); err != nil {
		return nil, fmt.Errorf("take over a history: %w", err)
	}
	count := binary.LittleEndian.Uint64(tail[:])
	t := takeover{in: bufio.NewReaderSize(io.NewSectionReader(r, 0, size-handoverCount), handoverPiece)}
	if count > uint64(size) { // an event has a byte or more
		return nil, errors.New("take over a history: it does not end with the number of its events")
	}
	events := make([]Event, count)
	for i := range events {
		if t.event(&events[i]); t.err != nil {
			return nil, fmt.Errorf("take over history event %d: %w", i+1, t.err)
		}
	}
	if _, err := t.in.ReadByte(); err != io.EOF {
		return nil, errors.New("take over a history: there is something behind the last event")
	}
	return events, nil
}

type takeover struct {
	in    *bufio.Reader
	texts []string
	last  int64
	err   error // the first one
}

func (t *takeover) event(e *Event) {
	kind := t.octet()
	e.Type, e.Final = Type(kind&^finalBit), kind&finalBit != 0
	t.last += t.number()
	e.Time, e.Process = time.Duration(t.last), int(t.number())
	for _, text := range [...]*string{&e.F, &e.Key, &e.Node, &e.Error} {
		*text = t.text()
	}
	e.LogIndex = t.count()
	e.Value = t.value()
}

func (t *takeover) text() string {
	n := t.count()
	if n > uint64(len(t.texts)) {
		t.fail(fmt.Errorf("there is no text number %d", n))
		return ""
	}
	if n > 0 {
		return t.texts[n-1]
	}
	if len(t.texts) == handoverTexts {
		t.texts = t.texts[:0]
	}
	s := t.bytes()
	t.texts = append(t.texts, s)
	return s
}

func (t *takeover) value() Value {
	switch kind := Kind(t.octet()); kind {
	case None:
		return Value{}
	case Nil:
		return NilValue()
	case Int:
		return IntValue(t.number())
	case Pair:
		a := t.number()
		return PairValue(a, t.number())
	case Text:
		return TextValue(t.bytes())
	case Literal:
		s := t.bytes()
		return literalValue(s, int(t.number()))
	case List:
		return ListValue(t.values(t.count())...)
	case Set, Map:
		return Value{shape: &shape{kind: kind, list: t.values(t.count())}}
	default:
		t.fail(fmt.Errorf("there is no value of kind %d", kind))
		return Value{}
	}
}

func (t *takeover) values(n uint64) []Value {
	vs := make([]Value, 0, min(n, handoverPiece)) // a file that is damaged may say any number
	for range n {
		if t.err != nil {
			break
		}
		vs = append(vs, t.value())
	}
	return vs
}

func (t *takeover) bytes() string {
	n := t.count()
	if n > maxLine {
		t.fail(fmt.Errorf("a text has %d bytes", n))
		return ""
	}
	b := make([]byte, n)
	_, err := io.ReadFull(t.in, b)
	t.fail(err)
	return string(b)
}

func (t *takeover) octet() byte {
	b, err := t.in.ReadByte()
	t.fail(err)
	return b
}

func (t *takeover) number() int64 {
	n, err := binary.ReadVarint(t.in)
	t.fail(err)
	return n
}

func (t *takeover) count() uint64 {
	n, err := binary.ReadUvarint(t.in)
	t.fail(err)
	return n
}

func (t *takeover) fail(err error) {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if t.err == nil {
		t.err = err
	}
}
