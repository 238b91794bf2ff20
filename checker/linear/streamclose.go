package linear

import (
	"slices"
	"time"

	"faultline/checker"
)

// closeShare is the part of the time that is left which one round of closing gets at most. What is not closed in time is decided in
// the end, so something has to be left for that.
const closeShare = 2

// closeAll closes what can be closed. If that is little, it waits longer for the next time.
func (s *Stream) closeAll() {
	if s.model.registers {
		begin := time.Now()
		s.closeEach(newClock(s.left / closeShare).Until(s.opts.Done))
		s.left -= time.Since(begin)
		s.log.compact(func(process, slot int32) {
			s.calls[int(process)] = underway{s.log.keys[slot], slot}
		})
	}
	s.limit = max(s.limit, 2*s.Remembered())
}

// closeEach closes each key that can be closed, within an equal share of the time.
func (s *Stream) closeEach(c *clock) {
	var quiet []*streamKey
	for slot, k := range s.log.keys {
		if k != nil && k.first == int32(slot) && k.open == 0 && !k.stuck {
			quiet = append(quiet, k)
		}
	}
	for i, k := range quiet {
		k.close(c.Share(len(quiet)-i), c)
	}
}

// load reads what is remembered of a key, into the stream's arena.
func (k *streamKey) load(c *clock) (o *object) {
	s := k.stream
	if c.Within(func() {
		o = s.arena.objectOf(&s.model, k.name, s.log.ops, int(k.remembered))
		for slot := k.first; slot != none; slot = s.log.next[slot] {
			c.Spend(1)
			o.addAt(&s.log.ops[slot], int(slot), s.log.places[slot], c)
		}
		for _, v := range k.states {
			o.initials = append(o.initials, o.values.number(v))
		}
	}) {
		return o
	}
	if k.decided.validity != checker.Invalid {
		k.decided = decision{reason: outOfTimeToRead, bound: checker.TimeBound}
	}
	return nil
}

func (k *streamKey) settle(o *object) { k.decided = o.decision }

func (k *streamKey) verdict() (name string, d decision, operations int) {
	return k.name, k.decided, k.operations
}

func (k *streamKey) explain(f *checker.Finding, c *clock, memory int64) {
	if k.refuted != nil {
		total := f.Total
		*f = *k.refuted
		f.Total = total
	} else if o := k.load(c); o != nil {
		o.explain(f, c, memory)
	}
}

// close decides what is remembered of a key, and forgets it. What explains a key that is invalid gets some of the time that there is
// for all keys.
func (k *streamKey) close(c, all *clock) {
	o := k.load(c)
	if o == nil {
		k.decided, k.stuck = decision{validity: checker.Valid}, true
		return
	}
	var to *carried
	var answer checker.Validity
	met := o.within(c, k.stream.opts.Memory, func() { answer, to = o.carryOn(k.stream.opts.Memory) })
	switch {
	case met != "" || answer == checker.Unknown:
		k.stuck = true // the end will tell
	case answer == checker.Invalid:
		o.validity = checker.Invalid
		k.refute(o, all.Share(explainShare))
	default:
		k.decided.stage = o.stage
		k.forget(o, to)
	}
}

// refute settles a key, and explains it as long as its operations are remembered.
func (k *streamKey) refute(o *object, c *clock) {
	k.decided = decision{stage: o.stage, validity: checker.Invalid}
	f := k.decided.finding(checker.LinearizablePart, k.name, k.operations)
	o.explain(&f, c, k.stream.opts.Memory)
	k.refuted = &f
	k.stream.log.forget(k, nil)
}

// forget replaces operations by what they lead to.
func (k *streamKey) forget(o *object, to *carried) {
	k.states = k.states[:0]
	for _, state := range to.states {
		k.states = append(k.states, o.values.value(state))
	}
	for i, at := range to.open {
		to.open[i] = o.refs[at]
	}
	slices.Sort(to.open)
	k.stream.log.forget(k, to.open)
}

// carryOn decides an object that more will follow on. If it is valid so far, it tells how it can end. The
// answer is Unknown too if that is not one set of states with one set of pending items left over.
func (o *object) carryOn(memory int64) (checker.Validity, *carried) {
	if o.unreadable() != nil {
		return checker.Unknown, nil
	}
	if o.isRegister() {
		o.stage = stageZones
		z := newZones(o.items, o.values.len(), o.first(), o.allowance.clock, o.tables)
		answer := z.decide()
		if answer == checker.Invalid {
			return checker.Invalid, nil
		}
		if answer == checker.Valid && !z.blind {
			to := &carried{states: z.finals()}
			for _, i := range z.pendings {
				if !z.counts(i) {
					to.open = append(to.open, i)
				}
			}
			return checker.Valid, to
		}
	}
	o.stage = stageSearch
	w := &windows{machine: o.model.machine(o), items: o.items, allowance: o.allowance, memory: memory}
	to, ok := w.through(w.beginning(o.first()))
	switch {
	case !ok || len(to) > 1:
		return checker.Unknown, nil
	case len(to) == 0:
		return checker.Invalid, nil
	default:
		return checker.Valid, &to[0]
	}
}
