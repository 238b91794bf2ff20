package history

import (
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf8"
)

// Handover writes events in a binary form while they happen, for another process of this same program. Who records a test need
// not keep what was recorded, and who takes it over, by TakeOver, parses no text. It is no format of files, and has no version.
//
// An event is its fields in a row: numbers as varints, the time as what has passed since the event before, and a text as its number if it was
// written before. The number of events ends the file, so that one that was cut off is not taken for a whole one.
type Handover struct {
	w      io.Writer
	buf    []byte
	texts  map[string]uint64 // their numbers, from 1; 0 stands for a new one
	last   int64             // the time of the event before
	events uint64
	err    error // the first one
}

const (
	handoverPiece = 64 << 10 // bytes that are written at once
	handoverTexts = 1 << 12  // that are numbered; then both sides forget them and begin anew
	handoverCount = 8        // bytes of the number of events

	finalBit = 1 << 7 // of the byte of an event's type
)

// NewHandover returns a Handover that has written nothing. The caller must Close it.
func NewHandover(w io.Writer) *Handover { return &Handover{w: w, texts: map[string]uint64{}} }

// Write appends an event, and returns what has gone wrong so far: with an event that no file can hold, or with a disk that is full. After that
// nothing is written, and Close returns it too.
func (h *Handover) Write(e *Event) error {
	h.events++
	if h.err == nil && e.Value.depth() > maxDepth {
		h.refuse(fmt.Errorf("lists nest more than %d deep", maxDepth))
	}
	if h.err != nil {
		return h.err
	}
	begin := len(h.buf)
	kind := byte(e.Type)
	if e.Final {
		kind |= finalBit
	}
	h.buf = append(h.buf, kind)
	h.number(int64(e.Time) - h.last)
	h.last = int64(e.Time)
	h.number(int64(e.Process))
	for _, text := range [...]string{e.F, e.Key, e.Node, e.Error} {
		h.text(text)
	}
	h.count(e.LogIndex)
	h.value(e.Value)
	if len(h.buf)-begin > maxLine/8 && len(e.AppendJSON(nil)) >= maxLine { // no byte becomes eight
		h.refuse(fmt.Errorf("its line is longer than %d bytes", maxLine))
	}
	if len(h.buf) >= handoverPiece {
		h.flush()
	}
	return h.err
}

// Close ends the file, and returns what has gone wrong. It does not close the underlying writer.
func (h *Handover) Close() error {
	h.buf = binary.LittleEndian.AppendUint64(h.buf, h.events)
	h.flush()
	return h.err
}

func (h *Handover) flush() {
	if h.err == nil {
		if _, err := h.w.Write(h.buf); err != nil {
			h.err = fmt.Errorf("hand over the history: %w", err)
		}
	}
	h.buf = h.buf[:0]
}

func (h *Handover) refuse(err error) {
	if h.err == nil {
		h.err = fmt.Errorf("hand over history event %d: %w", h.events, err)
	}
}

func (h *Handover) number(n int64) { h.buf = binary.AppendVarint(h.buf, n) }

func (h *Handover) count(n uint64) { h.buf = binary.AppendUvarint(h.buf, n) }

// text writes one of few texts.
func (h *Handover) text(s string) {
	if n, ok := h.texts[s]; ok {
		h.count(n)
		return
	}
	if len(h.texts) == handoverTexts {
		clear(h.texts)
	}
	h.texts[s] = uint64(len(h.texts) + 1)
	h.count(0)
	h.bytes(s)
}

func (h *Handover) bytes(s string) {
	if !utf8.ValidString(s) {
		h.refuse(fmt.Errorf("%w: %q", errNotUTF8, clip([]byte(s))))
	}
	h.count(uint64(len(s)))
	h.buf = append(h.buf, s...)
}

// value writes the kind of a value, and then what a value of that kind has.
func (h *Handover) value(v Value) {
	h.buf = append(h.buf, byte(v.Kind()))
	switch v.Kind() {
	case Int:
		h.number(v.a)
	case Pair:
		h.number(v.a)
		h.number(v.b)
	case Text:
		h.bytes(v.shape.text)
	case Literal:
		h.bytes(v.shape.text)
		h.number(v.a) // its depth
	case List, Set, Map:
		h.count(uint64(v.Len()))
		for e := range v.Elements {
			h.value(e)
		}
	}
}
