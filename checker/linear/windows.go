package linear

import (
	"encoding/binary"
	"maps"
	"slices"

	"faultline/checker"
)

// A history is cut wherever nothing is under way that will return. What was invoked before the cut and
// is not pending comes before everything invoked after it, in every linearization. So the history has a
// linearization exactly if each window has one, each beginning in a state that the one before can end
// in. Pending items that have not taken effect may do so in any later window.

// carried is what a window hands to the next one: the states it can end in and, for those that end
// with it, the pending items that took no effect so far. A set of states comes with each.
type carried struct {
	states []int32
	open   []int32 // items, in order
}

// windows is a search that goes window by window.
type windows struct {
	machine machine
	items   []item // by call
	clock   *clock
	memory  int64
}

// exhaustible is the share of the bound on memory that finding all endings of one window may take. Where
// it is not enough the rest of the history is searched as a whole, for one order instead of all.
const exhaustible = 8

// decide searches, beginning in some state. It leaves the answer Unknown if it met its bound on memory.
func (w *windows) decide(initials []int32) checker.Validity {
	from := []carried{{states: initials}}
	for begin := 0; begin < len(w.items); {
		end := w.cut(begin)
		if end == len(w.items) {
			return w.finish(from, begin)
		}
		to, ok := w.window(from, begin, end)
		if !ok {
			return w.finish(from, begin)
		}
		if len(to) == 0 {
			return checker.Invalid
		}
		from, begin = to, end
	}
	return checker.Valid
}

// through finds all that the history can end in, unless it meets the bound on memory.
func (w *windows) through(from []carried) (to []carried, ok bool) {
	for begin := 0; begin < len(w.items) && len(from) > 0; {
		end := w.cut(begin)
		if from, ok = w.window(from, begin, end); !ok {
			return nil, false
		}
		begin = end
	}
	return from, true
}

// cut returns the end of the window that begins with an item.
func (w *windows) cut(begin int) int {
	last := int32(-1)
	for i := begin; i < len(w.items); i++ {
		it := &w.items[i]
		if it.call > last && last >= 0 {
			return i
		}
		if !it.pending {
			last = max(last, it.ret)
		}
	}
	return len(w.items)
}

// window finds all that a window can hand on, unless it meets the bound on memory.
func (w *windows) window(from []carried, begin, end int) (_ []carried, ok bool) {
	to := map[string]*carried{}
	var key []byte
	for _, c := range from {
		items, indexes := w.together(c.open, begin, end)
		s := newSearch(w.machine, items, w.clock, w.memory/exhaustible)
		s.all = true
		if s.run(c.states) == checker.Unknown {
			return nil, false
		}
		for _, e := range s.ends {
			open := make([]int32, len(e.open))
			key = key[:0]
			for i, at := range e.open {
				open[i] = indexes[at]
				key = binary.LittleEndian.AppendUint32(key, uint32(open[i]))
			}
			if to[string(key)] == nil {
				to[string(key)] = &carried{open: open}
			}
			to[string(key)].states = append(to[string(key)].states, e.state)
		}
	}
	return pruned(to), true
}

// pruned leaves out what promises no more than something else: a state with pending items left over is
// as good as the same state with fewer, as those need not take effect.
func pruned(all map[string]*carried) []carried {
	var kept []carried
	for _, key := range slices.Sorted(maps.Keys(all)) {
		c := all[key]
		slices.Sort(c.states)
		c.states = slices.Compact(c.states)
		kept = append(kept, *c)
	}
	slices.SortStableFunc(kept, func(a, b carried) int { return len(b.open) - len(a.open) })
	if len(kept) > 1<<8 { // comparing all pairs would cost more than it saves
		return kept
	}
	for i := range kept {
		for _, better := range kept[:i] {
			if subset(kept[i].open, better.open) {
				kept[i].states = slices.DeleteFunc(kept[i].states, func(s int32) bool {
					_, found := slices.BinarySearch(better.states, s)
					return found
				})
			}
		}
	}
	return slices.DeleteFunc(kept, func(c carried) bool { return len(c.states) == 0 })
}

// subset reports whether a is part of b; both are sorted.
func subset(a, b []int32) bool {
	for _, v := range b {
		if len(a) > 0 && a[0] == v {
			a = a[1:]
		}
	}
	return len(a) == 0
}

// finish searches the rest of the history for any order at all.
func (w *windows) finish(from []carried, begin int) checker.Validity {
	for _, c := range from {
		items, _ := w.together(c.open, begin, len(w.items))
		s := newSearch(w.machine, items, w.clock, w.memory)
		if answer := s.run(c.states); answer != checker.Invalid {
			return answer
		}
	}
	return checker.Invalid
}

// together is a window, with what was carried over in front. indexes tells which items they are.
func (w *windows) together(open []int32, begin, end int) (items []item, indexes []int32) {
	items = make([]item, 0, len(open)+end-begin)
	indexes = make([]int32, 0, cap(items))
	for _, i := range open {
		items, indexes = append(items, w.items[i]), append(indexes, i)
	}
	for i := begin; i < end; i++ {
		items, indexes = append(items, w.items[i]), append(indexes, int32(i))
	}
	return items, indexes
}
