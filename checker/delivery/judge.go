package delivery

import (
	"cmp"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/timebound"
)

// judge finds what is wrong with a feed, the gravest first, and what could not be decided.
func (f *feed) judge() []checker.Finding {
	f.learn()
	var all, unknown []checker.Finding
	if f.ended {
		all, unknown = f.ends()
	}
	for _, rule := range []func() []*collected{f.agreed, f.unique, f.ordered, f.reliable, f.sound} {
		for _, c := range rule() {
			if finding, ok := c.finding(f.name); ok {
				all = append(all, finding)
			}
		}
	}
	return append(all, unknown...)
}

// agreed: a place has one content, and a position one write.
func (f *feed) agreed() []*collected {
	c := &collected{rule: "agreed", anomaly: "diverged"}
	for _, x := range f.conflicts {
		c.broken([]*history.Operation{x.one.source(), x.other.source()}, "%s is %s, %s, and %s, %s",
			f.at(x.at), what(x.one.entry), x.one.told(), what(x.other.entry), x.other.told())
	}
	for i := 1; i < len(f.facts); i++ {
		a, b := &f.facts[i-1], &f.facts[i]
		alone := a.acknowledged() || b.acknowledged() || a.by != nil && b.by != nil
		if a.at == b.at && a.by != b.by && alone {
			c.broken([]*history.Operation{a.source(), b.source()}, "%s is %s, %s, and %s, %s, which were not written together",
				f.at(a.at), what(a.entry), a.told(), what(b.entry), b.told())
		}
	}
	return []*collected{c}
}

// unique: a write is at one position, and a reading has a place once.
func (f *feed) unique() []*collected {
	moved := &collected{rule: "unique", anomaly: "moved " + f.words.entry}
	twice := &collected{rule: "unique", anomaly: "duplicated " + f.words.entry}
	for _, w := range f.writes {
		if len(w.at) < 2 {
			continue
		}
		e := w.entries[0]
		a, b := f.fact(place{w.at[0], e.key}), f.fact(place{w.at[1], e.key})
		if a.read == nil {
			moved.broken([]*history.Operation{w.op, b.read}, "%s was acknowledged at %s and is at %s", what(e), f.at(w.at[0]), f.at(w.at[1]))
		} else {
			twice.broken([]*history.Operation{w.op, a.read, b.read}, "%s was %s once and is there twice, at %ss %d and %d",
				what(e), f.words.written, f.words.position, w.at[0], w.at[1])
		}
	}
	for _, r := range f.readings {
		f.clock.Spend(len(r.entries))
		seen := map[place]bool{}
		for _, e := range r.entries {
			if seen[e.place()] {
				twice.broken([]*history.Operation{r.op}, "%s from %s got %s at %s twice", who(r.op), f.at(r.from), what(e), f.at(e.at))
			}
			seen[e.place()] = true
		}
	}
	return []*collected{moved, twice}
}

// fact finds what is known of a place. There is something: a write that has the position was acknowledged or read there.
func (f *feed) fact(p place) fact {
	for _, g := range f.between(p.at, p.at) {
		if g.key == p.key {
			return g
		}
	}
	return fact{}
}

// ordered: positions grow in each reading, from where it begins, and with time.
func (f *feed) ordered() []*collected {
	backwards := &collected{rule: "ordered", anomaly: "backwards"}
	marked := &collected{rule: "bookmarkable", anomaly: "late " + f.words.entry}
	for _, r := range f.readings {
		f.inOrder(r, backwards, marked)
	}
	late := &collected{rule: "ordered", anomaly: "reordered"}
	f.inTime(late)
	return []*collected{late, backwards, marked}
}

func (f *feed) inOrder(r *reading, backwards, marked *collected) {
	op, last, marks := []*history.Operation{r.op}, r.from-1, r.marks
	for i, e := range r.entries {
		f.clock.Spend(1 + len(marks))
		switch {
		case e.at < r.from:
			backwards.broken(op, "%s from %s got %s", who(r.op), f.at(r.from), f.at(e.at))
		case e.at < last:
			backwards.broken(op, "%s from %s got %s after %s", who(r.op), f.at(r.from), f.at(e.at), f.at(last))
		}
		last = max(last, e.at)
		for _, m := range marks {
			if m.before <= i && e.at <= m.at {
				marked.broken(op, "%s got %s after it had been told that all up to %s was delivered", who(r.op), f.at(e.at), f.at(m.at))
				break
			}
		}
	}
}

// act is a moment at which a position had been reached.
type act struct {
	op      *history.Operation
	at      int64
	reading bool
}

// inTime compares each write with the largest position that had been acknowledged or read before it began.
func (f *feed) inTime(late *collected) {
	var acts []act
	for _, w := range f.writes {
		if w.told {
			acts = append(acts, act{w.op, w.at[0], false})
		}
	}
	for _, r := range f.readings {
		if r.through >= r.from {
			acts = append(acts, act{r.op, r.through, true})
		}
	}
	timebound.SortFunc(f.clock, acts, func(a, b act) int { return cmp.Compare(a.op.Returned, b.op.Returned) })
	var largest act
	for _, w := range f.writes { // in the order in which they were invoked
		for ; len(acts) > 0 && acts[0].op.Returned < w.op.Invoked; acts = acts[1:] {
			if acts[0].at > largest.at || acts[0].at == largest.at && acts[0].reading {
				largest = acts[0]
			}
		}
		for _, at := range w.at {
			if largest.op != nil && (at < largest.at || at == largest.at && largest.reading) {
				late.broken([]*history.Operation{largest.op, w.op}, "%s is at %s and was %s only after %s had %s",
					what(w.entries[0]), f.at(at), f.words.written, who(largest.op), f.reached(largest))
			}
		}
	}
}

// reached says how a position had been reached.
func (f *feed) reached(a act) string {
	if a.reading {
		return "read up to " + f.at(a.at)
	}
	return "been acknowledged at " + f.at(a.at)
}

// reliable: a reading has all that is between its ends, and of each write all or nothing. What is final is judged by ends.
func (f *feed) reliable() []*collected {
	missed := &collected{rule: "reliable", anomaly: "missed " + f.words.entry}
	torn := &collected{rule: "atomic", anomaly: "torn write"}
	for _, r := range f.readings {
		if f.final(r.op) {
			continue
		}
		has := map[place]bool{}
		parts := map[int64]bool{} // the positions of which it has something
		for _, e := range r.entries {
			has[e.place()], parts[e.at] = true, true
		}
		between := f.between(r.from, r.through)
		f.clock.Spend(len(r.entries) + len(between))
		for _, g := range between {
			switch {
			case has[g.place()] || !r.covers(g.place()) || g.aborted():
			case parts[g.at]:
				torn.broken([]*history.Operation{g.source(), r.op}, "%s got a part of %s, without %s, %s", who(r.op), f.at(g.at), what(g.entry), g.told())
			default:
				missed.broken([]*history.Operation{g.source(), r.op}, "%s of %ss %d to %d did not get %s at %s, %s",
					who(r.op), f.words.position, r.from, r.through, what(g.entry), f.at(g.at), g.told())
			}
		}
	}
	return []*collected{missed, torn}
}

// sound: what is there was written, by what did not fail.
func (f *feed) sound() []*collected {
	nobody := &collected{rule: "sound", anomaly: "invented " + f.words.entry}
	failed := &collected{rule: "sound", anomaly: "failed write"}
	aborted := &collected{rule: "sound", anomaly: "aborted read"}
	for i := range f.facts {
		g := &f.facts[i]
		switch {
		case g.by == nil:
			nobody.broken([]*history.Operation{g.read}, "%s is %s, %s, which nobody has %s", f.at(g.at), what(g.entry), g.told(), f.words.written)
		case g.aborted():
			aborted.broken([]*history.Operation{g.by.op, g.read}, "%s is %s, %s, although %s was aborted", f.at(g.at), what(g.entry), g.told(), who(g.by.op))
		case g.by.undone():
			failed.broken([]*history.Operation{g.by.op, g.read}, "%s is %s, %s, although %s of it had failed", f.at(g.at), what(g.entry), g.told(), who(g.by.op))
		}
	}
	return []*collected{nobody, failed, aborted}
}
