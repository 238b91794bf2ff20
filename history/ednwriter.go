package history

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// EDNWriter writes a history as Jepsen's history.edn: a map a line, which Jepsen, Knossos and Elle read,
// and which Open reads back as the same events. Where the operations have keys their values are tuples
// [key value], as jepsen.independent has them, unless the first has none. Completions repeat the value of their invocation unless
// they have a result: Knossos refuses a failure with another value, and takes an ok write for a write of
// the value in its completion. What Jepsen has no field for is in fields that its tools pass over: :node,
// :log-index, Maelstrom's :final?, the :key of an event that is no tuple, and
//
//	:faultline/tuples true    the first operation of a client tells whether values are tuples
//	:faultline/no-value true  the event has no value, whatever :value repeats
//	:faultline/found 3        the value of the event, which is what a failed cas found
type EDNWriter struct {
	w      *bufio.Writer
	line   []byte
	events int
	sense  sense         // known with the first operation of a client
	open   map[int]Value // what a process has invoked
}

// NewEDNWriter returns a writer that the caller must Close.
func NewEDNWriter(w io.Writer) *EDNWriter {
	return &EDNWriter{w: bufio.NewWriterSize(w, 1<<16), open: map[int]Value{}}
}

// Write appends one event. It refuses one that could not be read back, with values nested too deep.
func (w *EDNWriter) Write(e Event) error {
	first := w.sense == unsettled && e.Process != Nemesis
	if first {
		if w.sense = plain; e.Key != "" {
			w.sense = tuples
		}
	}
	switch {
	case e.Type < Invoke || e.Type > Info:
		return fmt.Errorf("write history event %d: its type is %v", w.events+1, e.Type)
	case e.Value.depth() > maxDepth:
		return fmt.Errorf("write history event %d: lists nest more than %d deep", w.events+1, maxDepth)
	}
	b := append(w.appendEvent(w.line[:0], &e), '}', '\n')
	if first {
		b = fmt.Appendf(b[:len(b)-2], ", :faultline/tuples %t}\n", w.sense == tuples)
	}
	if !utf8.Valid(b) {
		return fmt.Errorf("write history event %d: %w: %q", w.events+1, errNotUTF8, clip(b))
	}
	if w.line = b; len(b) >= maxLine {
		return fmt.Errorf("write history event %d: its line is longer than %d bytes", w.events+1, maxLine)
	}
	w.events++
	if _, err := w.w.Write(b); err != nil {
		return fmt.Errorf("write history event %d: %w", w.events, err)
	}
	return nil
}

// appendEvent appends the map of an event, still open.
func (w *EDNWriter) appendEvent(b []byte, e *Event) []byte {
	b = strconv.AppendInt(append(b, "{:index "...), int64(w.events), 10)
	b = strconv.AppendInt(append(b, ", :time "...), int64(e.Time), 10)
	b = append(append(b, ", :type :"...), e.Type.String()...)
	if e.Process == Nemesis {
		b = append(b, ", :process :nemesis"...)
	} else {
		b = strconv.AppendInt(append(b, ", :process "...), int64(e.Process), 10)
	}
	b = appendName(append(b, ", :f "...), e.F)
	b = w.appendValue(b, e)
	if e.Error != "" {
		b = appendName(append(b, ", :error "...), e.Error)
	}
	if e.Node != "" {
		b = appendEDNString(append(b, ", :node "...), e.Node)
	}
	if e.LogIndex != 0 {
		b = strconv.AppendUint(append(b, ", :log-index "...), e.LogIndex, 10)
	}
	if e.Final {
		b = append(b, ", :final? true"...)
	}
	return b
}

func (w *EDNWriter) appendValue(b []byte, e *Event) []byte {
	if e.Process == Nemesis {
		if e.Value.Kind() != None {
			b = e.Value.AppendEDN(append(b, ", :value "...))
		}
		if e.Key != "" {
			b = appendEDNString(append(b, ", :key "...), e.Key)
		}
		return b
	}
	shown := w.shown(e)
	if w.sense == tuples {
		b = appendEDNString(append(b, ", :value ["...), e.Key)
		b = append(shown.AppendEDN(append(b, ' ')), ']')
	} else {
		if shown.Kind() != None {
			b = shown.AppendEDN(append(b, ", :value "...))
		}
		if e.Key != "" {
			b = appendEDNString(append(b, ", :key "...), e.Key)
		}
	}
	switch {
	case e.Value.Kind() == None && (shown.Kind() != None || w.sense == tuples):
		b = append(b, ", :faultline/no-value true"...)
	case !e.Value.Equal(shown):
		b = e.Value.AppendEDN(append(b, ", :faultline/found "...))
	}
	return b
}

// shown is the value that Jepsen's tools expect in the event.
func (w *EDNWriter) shown(e *Event) Value {
	invoked, open := w.open[e.Process]
	if e.Type == Invoke {
		w.open[e.Process] = e.Value
		return e.Value
	}
	delete(w.open, e.Process)
	if open && (e.Type != OK || e.Value.Kind() == None) {
		return invoked
	}
	return e.Value
}

// appendName appends a keyword where s can be one, as the names of functions and errors are in Jepsen,
// else a string.
func appendName(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || i > 0 && (c == '-' || c >= '0' && c <= '9')) {
			return appendEDNString(b, s)
		}
	}
	if s == "" {
		return appendEDNString(b, s)
	}
	return append(append(b, ':'), s...)
}

// Close flushes. It does not close the underlying writer.
func (w *EDNWriter) Close() error {
	if err := w.w.Flush(); err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	return nil
}

// WriteEDN writes a whole history as EDN. Its header is left out.
func (h *History) WriteEDN(w io.Writer) error {
	out := NewEDNWriter(w)
	for _, e := range h.Events {
		if err := out.Write(e); err != nil {
			return err
		}
	}
	return out.Close()
}
