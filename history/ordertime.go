package history

import (
	"cmp"
	"slices"
	"time"
)

// sortByTime sorts all records by time. Each process must be in order already: its events cannot have happened otherwise.
func (o *ordered) sortByTime() error {
	last := map[int]time.Duration{}
	for _, r := range o.all {
		if r.fields&hasTime == 0 {
			return r.at.errorf("this operation has no time, and the order was to be that of the times; --order file goes by the lines")
		}
		if before, ok := last[r.Process]; ok && r.Time < before && r.Process != Nemesis {
			return r.at.errorf("time runs backwards within process %d, from %v to %v, so times cannot give the order; --order file goes by the lines", r.Process, before, r.Time)
		}
		last[r.Process] = r.Time
		o.seeTime(r)
	}
	slices.SortStableFunc(o.all, func(a, b *record) int { return cmp.Compare(a.Time, b.Time) })
	for from := 0; from < len(o.all); {
		to := from + 1
		for to < len(o.all) && o.all[to].Time == o.all[from].Time {
			to++
		}
		spread(o.all[from:to])
		from = to
	}
	return nil
}

// spread orders records of one time such that as many operations as possible overlap: first the invocations of those
// processes that complete nothing before, then completions, then what the processes invoke next, and so on.
func spread(same []*record) {
	if len(same) < 2 {
		return
	}
	round := map[int]int{} // of each process: twice the operations that it has completed
	place := make(map[*record]int, len(same))
	for _, r := range same {
		if place[r] = round[r.Process]; r.Type != Invoke {
			place[r]++
			round[r.Process] += 2
		}
	}
	slices.SortStableFunc(same, func(a, b *record) int { return cmp.Compare(place[a], place[b]) })
}
