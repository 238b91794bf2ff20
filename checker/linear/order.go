package linear

import (
	"slices"

	"faultline/checker"
	"faultline/history"
)

// Linearization is an order of the operations on one key that the model accepts and that keeps real time.
type Linearization struct {
	Key   string
	Order []int32 // positions in the operations that were asked about
}

// searchedForOrder bounds the keys that porcupine is asked to order, for it may take time and memory that
// grow with the square of their operations.
const searchedForOrder = 2_000

// Linearizations finds, for each key that has one and shows it in time, an order of its operations: the one that the system
// claims, if that verifies, and else one that porcupine finds. What is pending and took no effect is not in it, nor are operations that say
// nothing of the object. The keys come in order of appearance; a key that is missing may be valid all the same.
func Linearizations(m Model, ops []history.Operation, opts checker.Options) []Linearization {
	opts = opts.WithDefaults()
	m, err := m.Beginning(opts.Initial)
	if err != nil {
		return nil
	}
	c := newClock(opts.Timeout).Until(opts.Done)
	var found []Linearization
	c.Within(func() {
		for _, o := range objects(&m, ops, c, new(arena)) {
			var order []int32
			if met := o.within(c, opts.Memory, func() { order = o.linearize(c, opts.Memory) }); met == "" && order != nil {
				found = append(found, Linearization{Key: o.name, Order: order})
			}
		}
	})
	return found
}

// linearize returns an order of the operations, nil if it found none.
func (o *object) linearize(c *clock, memory int64) []int32 {
	if o.bad != nil {
		return nil
	}
	items := o.claimed(c)
	if items == nil && len(o.items) <= searchedForOrder {
		items = o.searched(c, memory)
	}
	if items == nil {
		return nil
	}
	order := make([]int32, len(items))
	for k, i := range items {
		order[k] = o.refs[i]
	}
	return order
}

// claimed is the order that the system claims, with the pending items where they are needed; nil if it is none.
func (o *object) claimed(c *clock) []int32 {
	if !o.claims(c) {
		return nil
	}
	m := o.model.machine(o)
	w := &claim{object: o, machine: m, clock: c, supplier: map[int32]int32{}, state: m.initial(), latest: -1, keep: true, placed: []int32{}}
	if !w.through(o.propose(m, c)) {
		return nil
	}
	return w.placed
}

// searched is an order that porcupine finds.
func (o *object) searched(c *clock, memory int64) []int32 {
	q := o.asQuestion(c, memory)
	answer, info := q.porcupineShows(q.operations)
	if answer != checker.Valid {
		return nil
	}
	return o.effective(longest(info.PartialLinearizations()[0])[0])
}

// effective are the items of a whole order that took effect in it. Where porcupine places a pending item, the object may have
// changed or not: of the two, the states that follow allow one or both, and then it did not.
func (o *object) effective(order []int) []int32 {
	m := o.model.machine(o)
	before := make([]states, len(order)) // each item
	now := slices.Compact(slices.Sorted(slices.Values(o.first())))
	for k, i := range order {
		before[k] = now
		now = afterAll(m, now, &o.items[i])
	}
	taken := []int32{}
	state := now[0]
	for k := len(order) - 1; k >= 0; k-- {
		it := &o.items[order[k]]
		if it.pending && slices.Contains(before[k], state) {
			continue
		}
		taken = append(taken, int32(order[k]))
		leads := func(s int32) bool { return slices.Contains(m.after(s, it, nil), state) }
		state = before[k][slices.IndexFunc(before[k], leads)]
	}
	slices.Reverse(taken)
	return taken
}
