package versions

import (
	"fmt"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// gap is a version that no acknowledged change made.
type gap struct {
	number   int64
	value    history.Value // None if nobody saw it
	before   history.Value // that of the version before; None if nobody saw it
	deadline int32         // the change was called before
	by       *act
}

// gaps are the first versions that lack a writer, up to one more than the limit; more says that there are so many.
func gaps(all []*version, limit int) (missing []gap, more bool) {
	next := int64(1)
	last := history.NilValue()
	add := func(g gap) bool {
		missing = append(missing, g)
		return len(missing) > limit
	}
	for _, v := range all[1:] {
		for ; next < v.number; next++ { // nobody saw it
			if add(gap{number: next, before: last, deadline: v.deadline, by: v.by}) {
				return missing, true
			}
			last = history.Value{}
		}
		if v.writer == nil && add(gap{number: v.number, value: v.value, before: last, deadline: v.deadline, by: v.by}) {
			return missing, true
		}
		last, next = v.value, v.number+1
	}
	return missing, false
}

// unwritten matches versions that no acknowledged change made with changes of unknown outcome.
func (r *register) unwritten(all []*version, clock *timebound.Clock) *checker.Finding {
	missing, tooMany := gaps(all, len(r.pending))
	m := &matching{register: r, gaps: missing, taken: make([]int, len(r.pending)), clock: clock}
	for i := range m.taken {
		m.taken[i] = free
	}
	for i := range missing {
		if m.supply(i, make([]bool, len(r.pending))) {
			continue
		}
		g := &missing[i]
		f := r.finding("one-writer", "thin-air read", fmt.Sprintf("version %d of %s was made by no change that can have been in time: %s returned with a version as large", g.number, r, who(g.by)), g.by)
		switch {
		case m.uncertain && tooMany:
			f.Sentence = fmt.Sprintf("the versions of %s up to %d lack %s, and only %s of unknown outcome: %s returned with a version as large", r,
				missing[len(missing)-1].number, wording.Count(len(missing), "change"), wording.Were(len(r.pending)), who(g.by))
		case m.uncertain:
			f.Validity, f.Anomaly = checker.Unknown, ""
			f.Sentence = fmt.Sprintf("which change made version %d of %s is not known: a compare-and-set may have, after a version whose value nobody saw", g.number, r)
		}
		return f
	}
	return nil
}

// free is the gap of a change that fills none.
const free = -1

// matching gives each gap a change of its own, by augmenting paths.
type matching struct {
	register  *register
	gaps      []gap
	taken     []int // pending change → gap
	uncertain bool  // a compare-and-set may fill a gap if the version before has the right value, which is not known
	clock     *timebound.Clock
}

// supply finds a change for a gap, moving others if need be.
func (m *matching) supply(i int, tried []bool) bool {
	for j := range m.register.pending {
		m.clock.Spend(1)
		if tried[j] || !m.fits(&m.gaps[i], &m.register.pending[j]) {
			continue
		}
		tried[j] = true
		if m.taken[j] == free || m.supply(m.taken[j], tried) {
			m.taken[j] = i
			return true
		}
	}
	return false
}

// fits reports whether a change may have made the version of a gap.
func (m *matching) fits(g *gap, a *act) bool {
	switch {
	case a.op.Invoked >= g.deadline, g.value.Kind() != history.None && !g.value.Equal(a.value):
		return false
	case a.op.F != "cas":
		return true
	case a.before != untold && a.before != g.number-1:
		return false
	case g.before.Kind() == history.None:
		m.uncertain = true
		return false
	default:
		return g.before.Equal(a.old)
	}
}
