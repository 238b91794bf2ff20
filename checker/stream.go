package checker

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"faultline/history"
	"faultline/internal/wording"
)

// Stream decides a history that is handed over event by event and need not fit into memory.
//
// On registers (the models register, cas-register and kv) it remembers, for each key, the operations since
// the key was last closed. A key can be closed when nothing is under way on it that may return: what
// went before is decided then and forgotten, but for the values that the register can hold and for the
// operations that ended in info and were not seen to take effect. All keys that can be are closed
// whenever more than Memory/512 operations are remembered, a million by default. So the bound is
// that many operations, of some 200 bytes, or twice as many as are on keys that cannot be closed,
// whichever is more; and a few hundred bytes for each key. A key cannot be closed while clients overlap
// without a pause, and no more once its values repeat in a way that leaves it open which of the pending
// operations took effect.
//
// Other models remember their whole history.
type Stream struct {
	model  Model
	opts   Options
	left   time.Duration // of the bound on time
	keys   map[string]*streamKey
	calls  map[int]underway // process → what it has under way
	tables *tables

	operations int
	buffered   int
	limit      int
}

// underway is where an operation under way began.
type underway struct {
	key      *streamKey
	position int
}

// streamKey is a key since it was last closed.
type streamKey struct {
	name       string
	states     []history.Value // what it can have held then; nil for what it holds at first
	ops        []history.Operation
	position   int // counts events since
	open       int // operations under way
	operations int // since ever
	stuck      bool

	decided decision // Invalid for good; Valid so far otherwise
	stages  map[string]bool
	example *Counterexample
}

// NewStream begins a check. Of opts, Timeout bounds the time spent deciding, not that between events.
func NewStream(m Model, opts Options) *Stream {
	opts = opts.withDefaults()
	return &Stream{
		model: m, opts: opts, left: opts.Timeout, keys: map[string]*streamKey{}, calls: map[int]underway{}, tables: &tables{},
		limit: max(1_000, int(opts.Memory/512)),
	}
}

// Operations counts those that began so far, and Remembered those that are kept.
func (s *Stream) Operations() int { return s.operations }
func (s *Stream) Remembered() int { return s.buffered }

// Add takes the next event and, if that completes an operation, the operation, as history.Stream hands
// them out. Neither is kept. Events of the nemesis are passed over.
func (s *Stream) Add(e *history.Event, op *history.Operation) {
	if e.Process == history.Nemesis {
		return
	}
	if e.Type == history.Invoke {
		k := s.key(e.Key)
		s.calls[e.Process] = underway{k, k.position}
		k.position++
		k.open++
		k.operations++
		s.operations++
		return
	}
	if op == nil {
		return
	}
	c := s.calls[e.Process]
	delete(s.calls, e.Process)
	s.complete(c, *op, c.key.position)
	c.key.position++
	c.key.open--
	if s.buffered > s.limit {
		s.closeAll()
	}
}

func (s *Stream) key(name string) *streamKey {
	k := s.keys[name]
	if k == nil {
		k = &streamKey{name: name, stages: map[string]bool{}, decided: decision{validity: Valid}}
		s.keys[name] = k
	}
	return k
}

// complete keeps an operation until its key is closed.
func (s *Stream) complete(c underway, op history.Operation, returned int) {
	if c.key.decided.validity != Valid {
		return
	}
	op.Invoked, op.Returned = c.position, returned
	c.key.ops = append(c.key.ops, op)
	s.buffered++
}

// closeAll closes what can be closed. If that is little, it waits longer for the next time.
func (s *Stream) closeAll() {
	for _, k := range s.keys {
		if k.open == 0 && !k.stuck && len(k.ops) > 0 && s.model.registers {
			s.close(k)
		}
	}
	s.limit = max(s.limit, 2*s.buffered)
}

// object is what is remembered of a key.
func (s *Stream) object(k *streamKey, c *clock) *object {
	slices.SortFunc(k.ops, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	o := objects(&s.model, k.ops, c)[0]
	o.tables = s.tables
	for _, v := range k.states {
		o.initials = append(o.initials, o.values.number(v))
	}
	return o
}

// timed runs a step within what is left of the bound on time.
func (s *Stream) timed(run func(*clock)) (inTime bool) {
	begin := time.Now()
	c := newClock(s.left)
	inTime = c.within(func() { run(c) })
	s.left -= time.Since(begin)
	return inTime
}

// close decides what is remembered of a key, and forgets it.
func (s *Stream) close(k *streamKey) {
	var to *carried
	var o *object
	var answer Validity
	inTime := s.timed(func(c *clock) {
		o = s.object(k, c)
		answer, to = o.carryOn(c, s.opts.Memory)
	})
	switch {
	case !inTime || answer == Unknown:
		k.stuck = true // the end will tell
	case answer == Invalid:
		s.refute(k, o)
	default:
		k.stages[o.stage] = true
		s.forget(k, o, to)
	}
}

// refute settles a key.
func (s *Stream) refute(k *streamKey, o *object) {
	o.count = k.operations
	k.stages[o.stage] = true
	example := o.explain(newClock(max(s.left, explainLeast)), s.opts)
	k.example = &example
	k.decided = decision{stage: o.stage, validity: Invalid, reason: example.reason}
	s.buffered -= len(k.ops)
	k.ops = nil
}

// forget replaces operations by what they lead to.
func (s *Stream) forget(k *streamKey, o *object, to *carried) {
	k.states = nil
	for _, state := range to.states {
		k.states = append(k.states, o.values.value(state))
	}
	s.buffered -= len(k.ops)
	var kept []history.Operation
	for i, at := range to.open {
		op := *o.op(int(at))
		op.Invoked, op.Returned = i, -1
		kept = append(kept, op)
	}
	k.ops, k.position = kept, len(kept)
	s.buffered += len(kept)
}

// carryOn decides an object that more will follow on. If it is valid so far, it tells how it can end. The
// answer is Unknown too if that is not one set of states with one set of pending items left over.
func (o *object) carryOn(c *clock, memory int64) (Validity, *carried) {
	if o.bad != nil {
		return Unknown, nil
	}
	if o.isRegister() {
		o.stage = Zones
		z := newZones(o.items, o.values.len(), o.first(), c, o.tables)
		answer := z.decide()
		if answer == Invalid {
			return Invalid, nil
		}
		if answer == Valid && !z.blind {
			to := &carried{states: z.finals()}
			for _, i := range z.pendings {
				if !z.counts(i) {
					to.open = append(to.open, i)
				}
			}
			return Valid, to
		}
	}
	o.stage = Search
	w := &windows{machine: o.model.machine(o), items: o.items, clock: c, memory: memory}
	to, ok := w.through([]carried{{states: o.first()}})
	switch {
	case !ok || len(to) > 1:
		return Unknown, nil
	case len(to) == 0:
		return Invalid, nil
	default:
		return Valid, &to[0]
	}
}

// Finish ends the check. pending are the operations that nothing completed.
func (s *Stream) Finish(pending []history.Operation) (Part, []Counterexample) {
	for _, op := range pending {
		c, ok := s.calls[op.Process]
		if !ok {
			continue // it never began here
		}
		op.Outcome = history.Info
		s.complete(c, op, -1)
	}
	part := Part{Name: "linearizable", Model: s.model.name, Operations: s.operations, Keys: len(s.keys)}
	var examples []Counterexample
	var answers []Validity
	stages := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(s.keys)) {
		k := s.keys[name]
		s.last(k)
		maps.Copy(stages, k.stages)
		answers = append(answers, k.decided.validity)
		if k.decided.validity == Valid {
			continue
		}
		verdict := KeyVerdict{Key: name, Validity: k.decided.validity, Reason: k.decided.reason, Operations: k.operations}
		if k.example != nil {
			verdict.Explanation = k.example.explanation
			examples = append(examples, *k.example)
		}
		part.NotValid = append(part.NotValid, verdict)
	}
	part.Stage = strings.Join(slices.Sorted(maps.Keys(stages)), ", ")
	part.Validity = Merge(answers...)
	part.Reason = summarize(part)
	return part, examples
}

// last decides what is left of a key.
func (s *Stream) last(k *streamKey) {
	if k.decided.validity != Valid || len(k.ops) == 0 {
		return
	}
	begin := time.Now()
	c := newClock(s.left)
	var o *object
	if !c.within(func() { o = s.object(k, c) }) {
		k.decided = decision{reason: "there was no time to read the operations"}
		return
	}
	o.decide(c, s.opts.Memory)
	s.left -= time.Since(begin)
	switch o.validity {
	case Invalid:
		s.refute(k, o)
	case Unknown:
		k.decided = decision{reason: o.reason}
	default:
		k.stages[o.stage] = true
	}
}

// String says how far a stream is.
func (s *Stream) String() string {
	return fmt.Sprintf("%s on %s, of which %s remembered", wording.Count(s.operations, "operation"), wording.Count(len(s.keys), "key"), wasWere(s.buffered))
}
