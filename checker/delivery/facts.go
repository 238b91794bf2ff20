package delivery

import (
	"cmp"
	"slices"
	"strings"

	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/timebound"
)

// fact is an entry that is known to be, or to have been, at a place.
type fact struct {
	entry
	by   *write             // the write of it; nil if there is none
	read *history.Operation // the first reading that has it, or another part of the same write; nil if none has
	gone bool               // no node has it in the end; see ends
}

// source is an operation that tells of the fact: the one that wrote it if it was acknowledged, else one that read it.
func (g *fact) source() *history.Operation {
	if g.acknowledged() {
		return g.by.op
	}
	return g.read
}

// promised reports whether the fact is one of a write that was acknowledged, where that is first known to be.
func (f *fact) promised() bool { return f.by != nil && f.by.acknowledged() && f.by.at[0] == f.at }

// acknowledged reports whether the store has told a writer of the fact.
func (f *fact) acknowledged() bool { return f.promised() && f.by.told }

// aborted reports whether the fact is of a transaction that was aborted. Wherever it was read, nobody else has to have it.
func (f *fact) aborted() bool {
	return f.by != nil && (f.by.op.F == ops.Abandon || f.by.op.F == ops.SendAll && f.by.op.Outcome == history.Fail)
}

// conflict is a place of which two operations tell different things.
type conflict struct {
	place
	one, other fact
}

// learn collects what is known: from acknowledgements, then from readings in their order. A part of a write that was
// read stands for all of it.
func (f *feed) learn() {
	known := map[place]*fact{}
	add := func(g fact) {
		switch old := known[g.place()]; {
		case old == nil:
			known[g.place()] = &g
		case !old.value.Equal(g.value):
			f.conflicts = append(f.conflicts, conflict{g.place(), *old, g})
		default:
			old.by, old.read = cmp.Or(old.by, g.by), cmp.Or(old.read, g.read)
		}
	}
	for _, w := range f.writes {
		for _, at := range w.at {
			f.whole(w, at, nil, add)
		}
	}
	for _, r := range f.readings {
		f.clock.Spend(len(r.entries))
		for _, e := range r.entries {
			w := f.writers[identity(e)]
			if w == nil {
				add(fact{entry: e, read: r.op})
				continue
			}
			if !slices.Contains(w.at, e.at) {
				w.at = append(w.at, e.at)
			}
			f.whole(w, e.at, r.op, add)
		}
	}
	for _, g := range known {
		f.facts = append(f.facts, *g)
	}
	timebound.SortFunc(f.clock, f.facts, func(a, b fact) int { return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.key, b.key)) })
	f.explainDeletions()
}

// explainDeletions finds the writes of deletions that were read and not acknowledged. They have no values to tell them apart, so the
// first deletion of a key is taken for the first remove of unknown outcome, and so on. If any choice agrees with time, this one
// does: exchanging two removes that are in another order makes no bound tighter.
func (f *feed) explainDeletions() {
	removes := map[string][]*write{} // by key, in the order in which they were invoked
	for _, w := range f.writes {
		if e := w.entries[0]; e.deletes() && w.op.Outcome == history.Info {
			removes[e.key] = append(removes[e.key], w)
		}
	}
	for i := range f.facts {
		g := &f.facts[i]
		if left := removes[g.key]; g.by == nil && g.deletes() && len(left) > 0 {
			g.by, removes[g.key] = left[0], left[1:]
			g.by.at = append(g.by.at, g.at)
		}
	}
}

// whole adds all that a write has written, at a position.
func (f *feed) whole(w *write, at int64, read *history.Operation, add func(fact)) {
	for _, e := range w.entries {
		e.at = at
		add(fact{entry: e, by: w, read: read})
	}
}

// named identifies an entry wherever it is: by its key, and its value as an integer or else as JSON.
type named struct {
	key  string
	n    int64
	text string
}

func identity(e entry) named {
	if n, ok := e.value.Int(); ok {
		return named{e.key, n, ""}
	}
	return named{e.key, 0, e.value.String()}
}

// between are the facts from one position to another, both included.
func (f *feed) between(from, through int64) []fact {
	position := func(g fact, at int64) int { return cmp.Compare(g.at, at) }
	i, _ := slices.BinarySearchFunc(f.facts, from, position)
	j, _ := slices.BinarySearchFunc(f.facts, through+1, position)
	return f.facts[i:max(i, j)]
}
