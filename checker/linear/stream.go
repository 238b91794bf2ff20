package linear

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// Stream decides a history that is handed over event by event and need not fit into memory.
//
// On registers (the models register, cas-register and kv) it remembers, for each key, the operations since
// the key was last closed. A key can be closed when no operation is under way on it that may return. What
// went before is then decided and forgotten, except for the values that the register can hold and the
// operations that ended in info and were not seen to take effect. All keys that can be are closed
// whenever more than Memory/512 operations are remembered, a million by default. So the bound is
// that many operations, of some 150 bytes, or twice as many as are on keys that cannot be closed,
// whichever is more; and a few hundred bytes for each key. A key cannot be closed while clients overlap
// without a pause, and no more once its values repeat in a way that leaves it open which of the pending
// operations took effect.
//
// Other models remember their whole history.
type Stream struct {
	model Model
	bad   error // what is wrong with the options
	opts  checker.Options
	left  time.Duration // of the bound on time
	keys  map[string]*streamKey
	calls map[int]underway // process → what it has under way
	log   streamLog
	arena *arena

	operations int
	limit      int
}

// underway is an operation under way.
type underway struct {
	key  *streamKey
	slot int32 // in the log; none if it is not kept
}

// streamKey is a key since it was last closed.
type streamKey struct {
	stream      *Stream
	name        string
	states      []history.Value // what it can have held then; none for what it holds at first
	first, last int32           // its operations in the log; none if there are none
	remembered  int32           // how many they are
	position    int32           // counts events since
	open        int32           // operations under way
	operations  int             // since ever
	stuck       bool

	decided decision         // Invalid for good; Valid so far otherwise
	refuted *checker.Finding // of one that was found invalid when it was closed
}

// NewStream begins a check. Of opts, Timeout bounds the time spent deciding, not that between events.
func NewStream(m Model, opts checker.Options) *Stream {
	opts = opts.WithDefaults()
	m, err := m.Beginning(opts.Initial)
	return &Stream{
		model: m, bad: err, opts: opts, left: opts.Timeout, keys: map[string]*streamKey{}, calls: map[int]underway{}, arena: new(arena),
		limit: max(1_000, int(opts.Memory/512)),
	}
}

// Operations counts those that began so far, and Remembered those that are kept.
func (s *Stream) Operations() int { return s.operations }
func (s *Stream) Remembered() int { return len(s.log.ops) }

// Keys lists the keys so far, sorted.
func (s *Stream) Keys() []string { return slices.Sorted(maps.Keys(s.keys)) }

// Add takes the next event and, if that completes an operation, the operation, as history.Stream hands
// them out. Neither is kept. Events of the nemesis are passed over.
func (s *Stream) Add(e *history.Event, op *history.Operation) {
	switch {
	case e.Process == history.Nemesis:
	case e.Type == history.Invoke:
		s.invoke(e)
	case op != nil:
		s.complete(op)
		if len(s.log.ops) > s.limit {
			s.closeAll()
		}
	}
}

func (s *Stream) invoke(e *history.Event) {
	k := s.key(e.Key)
	slot := int32(none)
	if k.decided.validity == checker.Valid {
		if n := s.Remembered(); s.model.registers && n == s.log.capacity() && n > s.limit/8 {
			s.log.reserve(s.limit - n + len(s.calls) + 1<<10) // it has come near to its bound, and will stay there
		}
		slot = s.log.add(k, history.Operation{Process: int32(e.Process), Outcome: history.Invoke})
	}
	s.calls[e.Process] = underway{k, slot}
	k.position++
	k.open++
	k.operations++
	s.operations++
}

func (s *Stream) complete(op *history.Operation) {
	process := int(op.Process)
	c := s.calls[process]
	delete(s.calls, process)
	if c.slot != none {
		s.log.complete(c.slot, op, c.key.position)
	}
	c.key.position++
	c.key.open--
}

func (s *Stream) key(name string) *streamKey {
	k := s.keys[name]
	if k == nil {
		k = &streamKey{stream: s, name: name, first: none, decided: decision{validity: checker.Valid}}
		s.keys[name] = k
	}
	return k
}

// Finish ends the check. pending are the operations that nothing completed.
func (s *Stream) Finish(pending []history.Operation) checker.Part {
	for i := range pending {
		op := &pending[i]
		if c, ok := s.calls[int(op.Process)]; ok && c.slot != none { // else it never began here
			s.log.complete(c.slot, op, -1)
		}
	}
	part := checker.Part{Name: checker.LinearizablePart, Model: s.model.name, Operations: s.operations}
	if s.bad != nil {
		part.Reason = s.bad.Error()
		return part
	}
	all, open := make([]subject, 0, len(s.keys)), []subject{}
	for _, name := range s.Keys() {
		k := s.keys[name]
		all = append(all, k)
		if k.decided.validity == checker.Valid && k.remembered > 0 {
			open = append(open, k)
		}
	}
	begin := time.Now()
	c := newClock(s.left).Until(s.opts.Done)
	decideAll(open, c, s.opts.Memory)
	conclude(&part, all, c, s.opts.Memory)
	s.left -= time.Since(begin)
	return part
}

// Left is what is left of the bound on time.
func (s *Stream) Left() time.Duration { return s.left }

// String says how far a stream is.
func (s *Stream) String() string {
	return fmt.Sprintf("%s on %s, of which %s remembered", wording.Count(s.operations, "operation"), wording.Count(len(s.keys), "key"), wording.Were(s.Remembered()))
}
