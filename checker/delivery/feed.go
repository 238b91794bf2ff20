package delivery

import (
	"fmt"
	"strings"
	"time"

	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/timebound"
)

// feed is one sequence of positions, with what was written to it and read from it.
type feed struct {
	words      words
	name       string
	first      int64         // the position at which a reader of everything begins
	settled    time.Duration // readings that begin later are final
	ended      bool          // there should be final ones
	operations int
	clock      *timebound.Clock

	writes   []*write
	writers  map[named]*write // by what they wrote
	readings []*reading
	failed   []*history.Operation // readings without an answer

	facts     []fact    // by position and key; see learn
	enders    []*reader // those that read in the end
	conflicts []conflict
	delivered int // the acknowledged facts that readers near nodes have
}

func newFeed(name string, first int64) *feed {
	return &feed{name: name, first: first, writers: map[named]*write{}}
}

// entry is something at a position: a record, or what became of a key.
type entry struct {
	at    int64
	key   string // empty in a log
	value history.Value
}

func (e entry) place() place { return place{e.at, e.key} }

// deletes reports whether the entry is a key that is gone.
func (e entry) deletes() bool { return e.value.Kind() == history.Nil }

// place is where one entry is.
type place struct {
	at  int64
	key string
}

// write is an operation that writes entries, all at one position.
type write struct {
	op      *history.Operation
	entries []entry // their positions are not set
	at      []int64 // the positions at which it is: as acknowledged, then as read; one if all is well
	told    bool    // it was acknowledged at the first of them
}

func (w *write) acknowledged() bool { return w.op.Outcome == history.OK && w.op.F != ops.Abandon }

// undone reports whether nobody may ever read it.
func (w *write) undone() bool { return w.op.Outcome == history.Fail || w.op.F == ops.Abandon }

// reading is an operation that has read the feed.
type reading struct {
	op      *history.Operation
	prefix  string // of the keys that it is about
	from    int64
	entries []entry // in the order in which they came
	// through is how far it has read: it claims to have all from from to there. It is less than from if it claims nothing.
	through int64
	marks   []mark
}

// mark is a notice that all up to a position has been delivered, before the entry of that index.
type mark struct {
	at     int64
	before int
}

// covers reports whether a reading should have what is at a place.
func (r *reading) covers(p place) bool {
	return r.from <= p.at && p.at <= r.through && strings.HasPrefix(p.key, r.prefix)
}

// addToLog takes an operation on a log.
func (f *feed) addToLog(op *history.Operation) error {
	f.operations++
	if op.F == ops.Send {
		sent := ops.Record{Offset: ops.Untold, Value: op.Input}
		if op.Outcome == history.OK {
			told, err := ops.DecodeRecord(op.Output)
			if err != nil {
				return err
			}
			if sent, err = toldAt(sent, told); err != nil {
				return err
			}
		}
		_, err := f.send(op, sent)
		return err
	}
	return f.read(op, "", func(r *reading) error {
		records, err := ops.DecodeRecords(op.Output)
		for _, e := range records {
			r.entries = append(r.entries, entry{at: e.Offset, value: e.Value})
		}
		return err
	})
}

// toldAt is a record at the offset that the store has told. It is an error if that is told of another one.
func toldAt(sent, told ops.Record) (ops.Record, error) {
	if !told.Value.Equal(sent.Value) {
		return told, fmt.Errorf("it sent %s, and %s was acknowledged", what(entry{value: sent.Value}), what(entry{value: told.Value}))
	}
	return told, nil
}

// send takes a record that an operation has sent.
func (f *feed) send(op *history.Operation, r ops.Record) (*write, error) {
	w := &write{op: op, entries: []entry{{value: r.Value}}}
	if w.told = r.Offset != ops.Untold; w.told {
		w.at = append(w.at, r.Offset)
	}
	return w, f.add(w)
}

// add takes a write. What is read must tell who wrote it, so it is an error if two write the same; but what was undone may be written again.
func (f *feed) add(w *write) error {
	for _, e := range w.entries {
		if e.deletes() { // which has no value to tell it apart
			continue
		}
		other := f.writers[identity(e)]
		switch {
		case other == nil || other.undone():
			f.writers[identity(e)] = w
		case !w.undone():
			return fmt.Errorf("process %d's %s has written %s before, and a value must be written once", other.op.Process, other.op.F, what(e))
		}
	}
	f.writes = append(f.writes, w)
	return nil
}

// addToWatch takes an operation on a store with revisions; others it leaves out.
func (f *feed) addToWatch(op *history.Operation) error {
	switch op.F {
	case ops.Put, ops.Remove:
		f.operations++
		return f.change(op)
	case ops.Watch:
		f.operations++
		return f.read(op, op.Key, func(r *reading) error {
			events, err := ops.DecodeEvents(op.Output)
			for _, e := range events {
				if e.Progress() {
					r.marks = append(r.marks, mark{e.Revision, len(r.entries)})
				} else {
					r.entries = append(r.entries, entry{e.Revision, e.Key, e.Value})
				}
			}
			return err
		})
	}
	return nil
}

// change takes a put, of one key or several, or a remove.
func (f *feed) change(op *history.Operation) error {
	w := &write{op: op}
	several, isMap := op.Input.Map()
	switch {
	case op.F == ops.Remove:
		w.entries = []entry{{key: op.Key, value: history.NilValue()}}
	case isMap:
		for _, kv := range several {
			key, ok := kv[0].Text()
			if !ok {
				return fmt.Errorf("the key %v is not a text", kv[0])
			}
			w.entries = append(w.entries, entry{key: key, value: kv[1]})
		}
	default:
		w.entries = []entry{{key: op.Key, value: op.Input}}
	}
	if w.acknowledged() {
		v, err := ops.DecodeVersion(op.Output)
		if err != nil {
			return err
		}
		if op.F == ops.Remove && v.Revision == 0 { // there was nothing to delete
			return nil
		}
		w.at, w.told = append(w.at, v.Revision), true
	}
	return f.add(w)
}

// read takes a reading, whose entries answer fills in.
func (f *feed) read(op *history.Operation, prefix string, answer func(*reading) error) error {
	from, ok := op.Input.Int()
	if !ok {
		return fmt.Errorf("it begins at %v, which is not an integer", op.Input)
	}
	if op.Outcome != history.OK {
		f.failed = append(f.failed, op)
		return nil
	}
	r := &reading{op: op, prefix: prefix, from: from, through: from - 1}
	if err := answer(r); err != nil {
		return err
	}
	for _, e := range r.entries {
		r.through = max(r.through, e.at)
	}
	for _, m := range r.marks {
		r.through = max(r.through, m.at)
	}
	f.readings = append(f.readings, r)
	return nil
}

// told counts the entries that readings returned.
func (f *feed) told() int {
	n := 0
	for _, r := range f.readings {
		n += len(r.entries)
	}
	return n
}

// acknowledged counts the entries that were acknowledged.
func (f *feed) acknowledged() int {
	n := 0
	for _, w := range f.writes {
		if w.acknowledged() {
			n += len(w.entries)
		}
	}
	return n
}

// malformed is the error of an operation that does not keep to package ops.
func malformed(op *history.Operation, err error) error {
	return fmt.Errorf("process %d's %s at %s cannot be read: %w", op.Process, op.F, moment(op.Invoke), err)
}
