package linear

import "faultline/checker"

// A history is cut wherever nothing is under way that will return. What was invoked before the cut and
// is not pending comes before everything invoked after it, in every linearization. So the history has a
// linearization exactly if each window has one, each beginning in a state that the one before can end
// in. Pending items that have not taken effect may do so in any later window.

// windows is a search that goes window by window.
type windows struct {
	machine   machine
	items     []item // by call
	allowance *allowance
	memory    int64 // for the configurations of one search
}

// exhaustible is the share of the bound on memory that finding all endings of one window may take. Where
// it is not enough the rest of the history is searched as a whole, for one order instead of all.
const exhaustible = 8

// decide searches, beginning in some state. It leaves the answer Unknown if it met its bound on memory.
func (w *windows) decide(initials []int32) checker.Validity {
	from := w.beginning(initials)
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

// beginning is what the first window begins with.
func (w *windows) beginning(initials []int32) []carried {
	c := carried{states: initials}
	w.allowance.take(c.bytes())
	return []carried{c}
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
			w.allowance.spend(i - begin)
			return i
		}
		if !it.pending {
			last = max(last, it.ret)
		}
	}
	w.allowance.spend(len(w.items) - begin)
	return len(w.items)
}

// window finds all that a window can hand on, unless it meets the bound on memory.
func (w *windows) window(from []carried, begin, end int) (_ []carried, ok bool) {
	to := newHandover(w.allowance)
	for _, c := range from {
		items, indexes := w.together(c.open, begin, end)
		s := newSearch(w.machine, items, w.allowance, w.memory/exhaustible)
		s.all = true
		answer := s.run(c.states)
		s.end()
		for _, e := range s.ends {
			to.add(e, indexes)
		}
		if answer == checker.Unknown {
			to.drop()
			return nil, false
		}
	}
	for _, c := range from {
		w.allowance.give(c.bytes())
	}
	return to.pruned(), true
}

// finish searches the rest of the history for any order at all.
func (w *windows) finish(from []carried, begin int) checker.Validity {
	for _, c := range from {
		items, _ := w.together(c.open, begin, len(w.items))
		s := newSearch(w.machine, items, w.allowance, w.memory)
		answer := s.run(c.states)
		s.end()
		if answer != checker.Invalid {
			return answer
		}
	}
	return checker.Invalid
}

// together is a window, with what was carried over in front. indexes tells which items they are.
func (w *windows) together(open []int32, begin, end int) (items []item, indexes []int32) {
	w.allowance.spend(len(open) + end - begin)
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
