package linear

import (
	"cmp"
	"slices"

	"faultline/internal/timebound"
)

// acknowledged lists the elements of a set by the time from which on each is certainly there: an addition of it has returned, or a read
// that tells it.
func (o *object) acknowledged(c *clock) []known {
	since := make([]int32, o.values.len())
	for v := range since {
		since[v] = never
	}
	for _, v := range o.begins {
		since[v] = dawn
	}
	for i := range c.UpTo(len(o.items)) {
		it := &o.items[i]
		if it.action == adds {
			since[it.put] = min(since[it.put], it.ret)
			continue
		}
		c.Spend(len(o.lists[it.want]))
		for _, v := range o.lists[it.want] {
			since[v] = min(since[v], it.ret)
		}
	}
	var all []known
	for v, at := range since {
		if at != never {
			all = append(all, known{int32(v), at})
		}
	}
	timebound.SortFunc(c, all, func(a, b known) int { return cmp.Compare(a.since, b.since) })
	return all
}

// known is an element that is certainly there from a position on.
type known struct{ value, since int32 }

// readsBackwards lists the reads of a set, the last one first.
func (o *object) readsBackwards() []int32 {
	var all []int32
	for i := len(o.items) - 1; i >= 0; i-- {
		if o.items[i].action == readsAll {
			all = append(all, int32(i))
		}
	}
	return all
}

// aroundLost is the part of a set's history about an element that a read lacks though it was there before; nil if there is none. An
// element that the last read lacks is lost for good, so that is the read to show.
func (e *explanation) aroundLost(o *object) *object {
	elements := o.acknowledged(e.clock)
	for _, r := range o.readsBackwards() {
		told := o.lists[o.items[r].want]
		for _, k := range elements {
			e.clock.Spend(8)
			if k.since >= o.items[r].call {
				break
			}
			if _, ok := slices.BinarySearch(told, k.value); ok {
				continue
			}
			if part := o.about(r, k.value, e.clock); e.invalid(part) {
				e.best = part // also if others are as small: this tells the worst
				return part
			}
		}
	}
	return nil
}

// about is the part of a set's history with a single read, and what else there is about an element.
func (o *object) about(read, v int32, c *clock) *object {
	others := map[int32]bool{}
	for u := range int32(o.values.len()) {
		if u != v {
			others[u] = true
		}
	}
	return o.sub(c, func(i int) bool {
		it := &o.items[i]
		if it.action == adds {
			return it.put == v
		}
		_, tells := slices.BinarySearch(o.lists[it.want], v)
		return int32(i) == read || it.action == readsAll && tells && it.ret < o.items[read].call
	}, others)
}
