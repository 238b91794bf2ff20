package oracle

import "math"

// elements are what a read found; false if it is no set.
func elements(v Value) ([]Value, bool) {
	switch v.kind {
	case None, Nil:
		return nil, true
	case List, Set:
		return v.items, true
	}
	return nil, false
}

func count(all []Value, v Value) int {
	n := 0
	for _, w := range all {
		if w.Equal(v) {
			n++
		}
	}
	return n
}

// sight is a read of a set.
type sight struct {
	Operation
	found []Value
}

func (o object) sights(j *Judgement) []sight {
	var all []sight
	for _, op := range o.answered("read") {
		found, ok := elements(op.Output)
		j.Unclear = j.Unclear || !ok
		all = append(all, sight{op, found})
	}
	return all
}

func isAdd(op *Operation) bool { return op.F == "add" || op.F == "write" }

// added reports whether something may have added an element before a position.
func (o object) added(v Value, before int) bool {
	for _, op := range o.ops {
		if isAdd(&op) && op.Outcome != Fail && op.Input.Equal(v) && op.Invoked < before {
			return true
		}
	}
	return false
}

// spurious are the rules that a read breaks by what it has.
func (o object) spurious(s sight, j *Judgement) {
	for _, v := range s.found {
		j.broke("unexpected", o.key, !o.added(v, s.Returned))
		j.broke("duplicated", o.key, count(s.found, v) > 1)
	}
}

func setFinal(o object, j *Judgement) {
	var finals []sight
	reads, phase := o.sights(j), o.phase()
	for _, s := range reads {
		if o.final(&s.Operation) {
			finals = append(finals, s)
		}
	}
	if !o.ends && len(reads) > 0 {
		last := reads[0]
		for _, s := range reads {
			if s.Returned > last.Returned {
				last = s
			}
		}
		finals, phase = []sight{last}, last.Invoked
	}
	j.Undecided = j.Undecided || len(finals) == 0
	for _, s := range finals {
		o.spurious(s, j)
		for _, v := range s.found {
			j.told = j.told || o.added(v, math.MaxInt)
		}
		for _, op := range o.ops {
			if isAdd(&op) && op.Outcome == OK && op.Returned < phase {
				j.told = true
				j.broke("lost", o.key, count(s.found, op.Input) == 0)
			}
		}
	}
}

// setFull follows every element from when it is known.
func setFull(linearizable bool) func(o object, j *Judgement) {
	return func(o object, j *Judgement) {
		reads := o.sights(j)
		for _, s := range reads {
			o.spurious(s, j)
		}
		acknowledged, stable := false, false
		for _, op := range o.ops {
			if !isAdd(&op) || op.Outcome == Fail {
				continue
			}
			f := o.fate(op.Input, reads)
			acknowledged = acknowledged || op.Outcome == OK
			stable = stable || f.stable
			j.broke("lost", o.key, f.lost)
			j.broke("stale", o.key, f.stale && !f.lost && linearizable)
		}
		j.told = j.told || stable
		j.Undecided = j.Undecided || acknowledged && !stable
	}
}

// fate is what became of an element.
type fate struct{ stable, lost, stale bool }

func (o object) fate(v Value, reads []sight) (f fate) {
	for _, s := range reads {
		if count(s.found, v) > 0 {
			f.stable = f.stable || !lacksLater(reads, s, v)
			continue
		}
		if o.known(v, reads, s.Invoked) {
			later := hasLater(reads, s, v)
			f.lost = f.lost || !later || o.final(&s.Operation) && o.known(v, reads, o.phase())
			f.stale = f.stale || later
		}
	}
	f.stable = f.stable && !f.lost
	return f
}

// known reports whether an add or a read had told of an element before a position.
func (o object) known(v Value, reads []sight, before int) bool {
	for _, op := range o.ops {
		if isAdd(&op) && op.Outcome == OK && op.Input.Equal(v) && op.Returned < before {
			return true
		}
	}
	for _, s := range reads {
		if s.Returned < before && count(s.found, v) > 0 {
			return true
		}
	}
	return false
}

func hasLater(reads []sight, s sight, v Value) bool {
	for _, later := range reads {
		if later.Invoked > s.Invoked && count(later.found, v) > 0 {
			return true
		}
	}
	return false
}

func lacksLater(reads []sight, s sight, v Value) bool {
	for _, later := range reads {
		if later.Invoked > s.Invoked && count(later.found, v) == 0 {
			return true
		}
	}
	return false
}

func uniqueIDs(o object, j *Judgement) {
	ids := o.answered("generate")
	for i, a := range ids {
		j.told = j.told || a.Output.kind > Nil
		j.Undecided = j.Undecided || a.Output.kind <= Nil
		for _, b := range ids[:i] {
			j.broke("duplicated", o.key, a.Output.kind > Nil && a.Output.Equal(b.Output))
		}
	}
}

// causalReverse looks for a read that has a row and lacks another one that was acknowledged before it was written.
func causalReverse(o object, j *Judgement) {
	for _, s := range o.sights(j) {
		j.told = true
		for _, early := range o.ops {
			if !isAdd(&early) || early.Outcome != OK || count(s.found, early.Input) > 0 {
				continue
			}
			for _, v := range s.found {
				begun, ok := o.firstWrite(v)
				j.broke("reversed", o.key, ok && early.Returned < begun)
			}
		}
	}
}

// firstWrite is when a row may have been written first.
func (o object) firstWrite(v Value) (begun int, ok bool) {
	for _, op := range o.ops {
		if isAdd(&op) && op.Outcome != Fail && op.Input.Equal(v) && (!ok || op.Invoked < begun) {
			begun, ok = op.Invoked, true
		}
	}
	return begun, ok
}
