package linear

import (
	"cmp"

	"faultline/internal/timebound"
)

// stageClaimed is the stage that verifies an order which the system under test proposed itself, by the log
// index that it claims for each operation. The order is not evidence: it counts only if it respects
// real time and the model accepts it, and then it is a linearization, whoever proposed it. If it fails,
// nothing follows, and the next stage decides. It takes linear time after sorting.
const stageClaimed = "witness"

// claim walks through the order, verifying it on the way. A pending item has no index: it takes effect
// right before the first item that the machine refuses without it, or never.
type claim struct {
	object   *object
	machine  machine
	clock    *clock
	supplier map[int32]int32 // value → the pending item that may produce it, while it took no effect
	state    int32
	latest   int32 // the last invocation among the items so far
	next     []int32
	keep     bool // remember what took effect
	placed   []int32
}

// follows reports whether the order that the system claims is a linearization.
func (o *object) follows(m machine, c *clock) bool { return o.verify(m, o.propose(m, c), c) }

// claims reports whether the system claims an index for everything that returned.
func (o *object) claims(c *clock) bool {
	if o.refs == nil {
		return false
	}
	for i := range c.UpTo(len(o.items)) {
		if !o.items[i].pending && o.op(i).LogIndex == 0 {
			return false
		}
	}
	return true
}

// propose returns the items in the order that the system claims. What changes the object comes before what
// only saw the same index.
func (o *object) propose(m machine, c *clock) []int32 {
	order := make([]int32, 0, len(o.items))
	for i := range c.UpTo(len(o.items)) {
		if o.op(i).LogIndex > 0 {
			order = append(order, int32(i))
		}
	}
	rank := func(i int32) int {
		if m.pure(&o.items[i]) {
			return 1
		}
		return 0
	}
	timebound.SortFunc(c, order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(o.op(int(a)).LogIndex, o.op(int(b)).LogIndex), cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	return order
}

// verify reports whether an order of the items that returned, and possibly of others, is a
// linearization if the pending ones among the rest take effect where they are needed.
func (o *object) verify(m machine, order []int32, c *clock) bool {
	w := &claim{object: o, machine: m, clock: c, supplier: map[int32]int32{}, state: m.initial(), latest: -1}
	return w.through(order)
}

// through walks through an order, to its end if it is a linearization.
func (w *claim) through(order []int32) bool {
	o := w.object
	placed := make([]bool, len(o.items))
	for _, i := range order {
		if placed[i] {
			return false
		}
		placed[i] = true
	}
	for i := range w.clock.UpTo(len(o.items)) {
		it := &o.items[i]
		if placed[i] {
			continue
		}
		if !it.pending {
			return false
		}
		if v, ok := it.produces(); ok {
			w.supplier[v] = int32(i)
		}
	}
	for _, i := range order {
		if !w.place(i) && !(w.supply(i) && w.place(i)) {
			return false
		}
	}
	return true
}

// place lets an item take effect. An order respects real time if no item stands behind one that was
// invoked after it returned: if none returned before the last invocation among those in front of it.
func (w *claim) place(i int32) bool {
	w.clock.Spend(1)
	it := &w.object.items[i]
	w.next = w.machine.after(w.state, it, w.next[:0])
	if len(w.next) == 0 || it.ret < w.latest {
		return false
	}
	w.state, w.latest = w.next[0], max(w.latest, it.call)
	if w.keep {
		w.placed = append(w.placed, i)
	}
	return true
}

// supply lets the pending items take effect that an item needs. A cas among them may need another; it
// leaves the map before that is supplied, so this ends.
func (w *claim) supply(i int32) (any bool) {
	it := &w.object.items[i]
	wants := []int32{it.want}
	if it.action == readsAll {
		wants = w.object.lists[it.want]
	} else if _, ok := it.observes(); !ok {
		return false
	}
	w.clock.Spend(len(wants))
	for _, v := range wants {
		j, ok := w.supplier[v]
		if !ok {
			continue
		}
		delete(w.supplier, v)
		if w.object.items[j].action == maySwap && w.state != w.object.items[j].want {
			w.supply(j)
		}
		any = w.place(j) || any
	}
	return any
}
