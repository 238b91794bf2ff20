package totals

import "slices"

// possibleSums are the sums that reads may tell, one read after the other in order of invocation: all that was done before a position,
// which does not go back, with any of what began before the read returned.
type possibleSums struct {
	waiting []addition // in order of invocation: those that begin later than all reads so far have returned
	open    []addition // that no read so far has to have
	certain int64      // the sum of all others
	bytes   int64
	spend   func(int)

	amounts []int64 // of which the last read could have any
	last    reachable
	begun   bool
}

func (p *possibleSums) of(done, returned int32) reachable {
	for len(p.waiting) > 0 && p.waiting[0].begun < returned {
		p.open, p.waiting = append(p.open, p.waiting[0]), p.waiting[1:]
	}
	changed := !p.begun
	p.open = slices.DeleteFunc(p.open, func(a addition) bool {
		if a.done > done {
			return false
		}
		p.certain += a.amount
		changed = changed || a.amount != 0
		return true
	})
	p.spend(len(p.open))
	var amounts []int64
	for _, a := range p.open {
		if a.begun < returned && a.amount != 0 {
			amounts = append(amounts, a.amount)
		}
	}
	if changed || !slices.Equal(amounts, p.amounts) {
		p.begun, p.amounts, p.last = true, amounts, reach(p.certain, amounts, p.bytes, p.spend)
	}
	return p.last
}
