package linear

import (
	"slices"
	"time"

	"faultline/checker"
)

// closeAll closes what can be closed. If that is little, it waits longer for the next time.
func (s *Stream) closeAll() {
	if s.model.registers {
		begin := time.Now()
		c := newClock(s.left).Until(s.opts.Done)
		for slot, k := range s.log.keys {
			if k != nil && k.first == int32(slot) && k.open == 0 && !k.stuck {
				s.close(k, c)
			}
		}
		s.left -= time.Since(begin)
		s.log.compact(func(process, slot int32) {
			s.calls[int(process)] = underway{s.log.keys[slot], slot}
		})
	}
	s.limit = max(s.limit, 2*s.Remembered())
}

// object reads what is remembered of a key, into the stream's arena: it lasts until the next one.
func (s *Stream) object(k *streamKey, c *clock) *object {
	o := s.arena.objectOf(&s.model, k.name, s.log.ops, int(k.remembered))
	for slot := k.first; slot != none; slot = s.log.next[slot] {
		c.Spend(1)
		o.add(&s.log.ops[slot], int(slot), c)
	}
	for _, v := range k.states {
		o.initials = append(o.initials, o.values.number(v))
	}
	return o
}

// close decides what is remembered of a key, and forgets it.
func (s *Stream) close(k *streamKey, c *clock) {
	var to *carried
	var o *object
	var answer checker.Validity
	inTime := c.Within(func() {
		o = s.object(k, c)
		answer, to = o.carryOn(c, s.opts.Memory)
	})
	switch {
	case !inTime || answer == checker.Unknown:
		k.stuck = true // the end will tell
	case answer == checker.Invalid:
		s.refute(k, o, c.Left())
	default:
		s.stages[o.stage] = true
		s.forget(k, o, to)
	}
}

// refute settles a key.
func (s *Stream) refute(k *streamKey, o *object, left time.Duration) {
	o.count, o.validity = k.operations, checker.Invalid
	s.stages[o.stage] = true
	k.finding = o.finding(checker.LinearizablePart, newClock(max(left, explainLeast)).Until(s.opts.Done), s.opts.Memory)
	k.decided = decision{stage: o.stage, validity: checker.Invalid}
	s.log.forget(k, nil)
}

// forget replaces operations by what they lead to.
func (s *Stream) forget(k *streamKey, o *object, to *carried) {
	k.states = k.states[:0]
	for _, state := range to.states {
		k.states = append(k.states, o.values.value(state))
	}
	for i, at := range to.open {
		to.open[i] = o.refs[at]
	}
	slices.Sort(to.open)
	s.log.forget(k, to.open)
}

// last decides what is left of a key.
func (s *Stream) last(k *streamKey) {
	if k.decided.validity != checker.Valid || k.remembered == 0 {
		return
	}
	begin := time.Now()
	c := newClock(s.left).Until(s.opts.Done)
	var o *object
	if !c.Within(func() { o = s.object(k, c) }) {
		k.decided = decision{reason: "there was no time to read the operations"}
		return
	}
	o.decide(c, s.opts.Memory)
	s.left -= time.Since(begin)
	switch o.validity {
	case checker.Invalid:
		s.refute(k, o, s.left)
	case checker.Unknown:
		k.decided = decision{reason: o.reason}
	default:
		s.stages[o.stage] = true
	}
}

// carryOn decides an object that more will follow on. If it is valid so far, it tells how it can end. The
// answer is Unknown too if that is not one set of states with one set of pending items left over.
func (o *object) carryOn(c *clock, memory int64) (checker.Validity, *carried) {
	if o.unreadable() != nil {
		return checker.Unknown, nil
	}
	if o.isRegister() {
		o.stage = stageZones
		z := newZones(o.items, o.values.len(), o.first(), c, o.tables)
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
	w := &windows{machine: o.model.machine(o), items: o.items, clock: c, memory: memory}
	to, ok := w.through([]carried{{states: o.first()}})
	switch {
	case !ok || len(to) > 1:
		return checker.Unknown, nil
	case len(to) == 0:
		return checker.Invalid, nil
	default:
		return checker.Valid, &to[0]
	}
}
