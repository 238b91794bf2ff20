package export

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"faultline/results"
)

// event is a trace event. Fields that are empty are left out.
type event struct {
	phase    string // X slice, C counter, b and e asynchronous, s and f flow, i instant, M metadata
	name     string
	category string
	at       time.Duration
	length   time.Duration // of a slice
	id       string        // of a flow or an asynchronous event
	place
	args any
}

// place is a thread of a process.
type place struct{ process, thread int }

// args are the arguments of an event, in order.
type args []arg

type arg struct {
	name  string
	value any
}

// MarshalJSON writes an object.
func (a args) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, x := range a {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(x.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(x.value)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}'), nil
}

// with adds an argument, unless it is empty.
func (a args) with(name, value string) args {
	if value == "" {
		return a
	}
	return append(a, arg{name, value})
}

// timeline collects the events of a run.
type timeline struct {
	metadata  []event
	events    []event
	termWord  string // what the system calls a term
	processes map[string]int
	threads   map[string]place
}

func newTimeline(termWord string) *timeline {
	return &timeline{termWord: termWord, processes: map[string]int{}, threads: map[string]place{}}
}

// process is the number of a process, which is shown in the order in which processes are first asked for.
func (t *timeline) process(name string) int {
	id, ok := t.processes[name]
	if !ok {
		id = len(t.processes) + 1
		t.processes[name] = id
		t.meta("process_name", place{id, 0}, "name", name)
		t.meta("process_sort_index", place{id, 0}, "sort_index", id)
	}
	return id
}

// firstThread is past the numbers of all processes: a thread that has the number of its process is its main thread.
const firstThread = 1000

// thread is a thread of a process. No two have the same number, as in a system.
func (t *timeline) thread(process, name string) place {
	id := process + "\x00" + name
	p, ok := t.threads[id]
	if !ok {
		p = place{t.process(process), firstThread + len(t.threads)}
		t.threads[id] = p
		t.meta("thread_name", p, "name", name)
		t.meta("thread_sort_index", p, "sort_index", p.thread)
	}
	return p
}

func (t *timeline) meta(kind string, p place, name string, value any) {
	t.metadata = append(t.metadata, event{phase: "M", name: kind, place: p, args: args{{name, value}}})
}

func (t *timeline) add(e event) { t.events = append(t.events, e) }

// clients and nemesis are the processes that are not nodes.
const (
	nemesis = "nemesis"
	clients = "clients"
)

// order puts slices before what happens in them.
var order = map[string]int{"X": 0, "b": 0, "C": 1, "i": 1, "s": 2, "f": 2, "e": 3}

// write writes all events in order of time, a line each.
func (t *timeline) write(w io.Writer) error {
	slices.SortStableFunc(t.events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(order[a.phase], order[b.phase]))
	})
	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString(`{"displayTimeUnit":"ms","traceEvents":[`) // an error comes again with Flush
	separator := "\n"
	for _, list := range [][]event{t.metadata, t.events} {
		for i := range list {
			b, err := list[i].append([]byte(separator))
			if err != nil {
				return fmt.Errorf("write the trace: %w", err)
			}
			out.Write(b)
			separator = ",\n"
		}
	}
	out.WriteString("\n]}\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the trace: %w", err)
	}
	return nil
}

// append appends the event as JSON. Times are microseconds, with the nanoseconds behind the point.
func (e *event) append(b []byte) ([]byte, error) {
	b = fmt.Appendf(b, `{"ph":"%s","name":%s,"pid":%d`, e.phase, quoted(e.name), e.process)
	if e.thread > 0 {
		b = fmt.Appendf(b, `,"tid":%d`, e.thread)
	}
	if e.category != "" {
		b = fmt.Appendf(b, `,"cat":%s`, quoted(e.category))
	}
	if e.phase != "M" {
		b = microseconds(append(b, `,"ts":`...), e.at)
	}
	switch e.phase {
	case "X":
		b = microseconds(append(b, `,"dur":`...), e.length)
	case "i":
		b = append(b, `,"s":"t"`...)
	case "f":
		b = append(b, `,"bp":"e"`...)
	}
	if e.id != "" {
		b = fmt.Appendf(b, `,"id":"%s"`, e.id)
	}
	if e.args != nil {
		text, err := json.Marshal(e.args)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"args":`...), text...)
	}
	return append(b, '}'), nil
}

// quoted is a text as JSON.
func quoted(s string) []byte {
	b, _ := json.Marshal(s) // a text has no error
	return b
}

func microseconds(b []byte, d time.Duration) []byte {
	return fmt.Appendf(strconv.AppendInt(b, int64(d/time.Microsecond), 10), ".%03d", d%time.Microsecond)
}

// counter adds values of a counter of a node, where they change.
func (t *timeline) counter(node, name string, series []point) {
	process := t.process(node)
	last := uint64(0)
	for i, p := range series {
		if i == 0 || p.value != last {
			t.add(event{phase: "C", name: name, at: p.at, place: place{process, 0}, args: args{{"value", p.value}}})
		}
		last = p.value
	}
}

type point struct {
	at    time.Duration
	value uint64
}

// progress adds how far a node was.
func (t *timeline) progress(node string, r *results.Run) {
	var last, commit, applied, snapshot []point
	events := t.thread(node, "role")
	for _, p := range r.Progress {
		if p.Node != node {
			continue
		}
		if p.Event != "" {
			t.add(event{phase: "i", name: p.Event, category: "snapshot", at: p.Time, place: events, args: args{{"index", p.Snapshot}}})
			continue
		}
		last = append(last, point{p.Time, p.Last})
		commit = append(commit, point{p.Time, p.Commit})
		applied = append(applied, point{p.Time, p.Applied})
		snapshot = append(snapshot, point{p.Time, p.Snapshot})
	}
	t.counter(node, "last log index", last)
	t.counter(node, "commit index", commit)
	t.counter(node, "applied index", applied)
	t.counter(node, "snapshot index", snapshot)
}
