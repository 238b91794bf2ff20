package linear

import "slices"

// carried is what a window hands to the next one: the states it can end in and, for those that end
// with it, the pending items that took no effect so far. A set of states comes with each.
type carried struct {
	states []int32
	open   []int32 // items, in order
}

// bytes is what was taken for it.
func (c *carried) bytes() int { return bytesPerEnding*len(c.states) + 4*len(c.open)*len(c.states) }

// handover collects what a window hands on.
type handover struct {
	allowance *allowance
	all       []carried
	sets      numbered        // of pending items
	at        map[int32]int32 // number of a set → its place in all
	open      []int32
}

func newHandover(a *allowance) *handover {
	return &handover{allowance: a, sets: numbered{allowance: a}, at: map[int32]int32{}}
}

// add adds the ending of a search. The indexes tell which items it speaks of.
func (h *handover) add(e ending, indexes []int32) {
	h.open = h.open[:0]
	for _, i := range e.open {
		h.open = append(h.open, indexes[i])
	}
	number, fresh := h.sets.number(h.open)
	if fresh {
		h.at[number] = int32(len(h.all))
		h.all = append(h.all, carried{open: slices.Clone(h.open)})
	}
	c := &h.all[h.at[number]]
	c.states = append(c.states, e.state)
}

// compared bounds how many sets of pending items are compared with each other. To compare all pairs of more would cost more than it
// saves.
const compared = 1 << 8

// pruned leaves out what promises no more than something else: a state with pending items left over is
// as good as the same state with fewer, as those need not take effect.
func (h *handover) pruned() []carried {
	h.allowance.give(h.sets.bytes)
	for i := range h.all {
		c := &h.all[i]
		h.allowance.spend(8 + len(c.states))
		before := c.bytes()
		slices.Sort(c.states)
		c.states = slices.Compact(c.states)
		h.allowance.give(before - c.bytes())
	}
	slices.SortStableFunc(h.all, func(a, b carried) int { return len(b.open) - len(a.open) })
	if len(h.all) > compared {
		return h.all
	}
	for i := range h.all {
		for _, better := range h.all[:i] {
			h.allowance.spend(1 + len(better.open)/4)
			if subset(h.all[i].open, better.open) {
				h.without(&h.all[i], better.states)
			}
		}
	}
	return slices.DeleteFunc(h.all, func(c carried) bool { return len(c.states) == 0 })
}

// without leaves out some states.
func (h *handover) without(c *carried, states []int32) {
	h.allowance.spend(1 + len(c.states))
	before := c.bytes()
	c.states = slices.DeleteFunc(c.states, func(s int32) bool {
		_, found := slices.BinarySearch(states, s)
		return found
	})
	h.allowance.give(before - c.bytes())
}

// drop gives back what was taken, as nothing is handed on.
func (h *handover) drop() {
	h.allowance.give(h.sets.bytes)
	for i := range h.all {
		h.allowance.give(h.all[i].bytes())
	}
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
