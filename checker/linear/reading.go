package linear

import (
	"runtime"

	"faultline/history"
)

// objects splits operations by key, in order of appearance. They take the whole arena.
func objects(m *Model, ops []history.Operation, c *clock, r *arena) []*object {
	if len(ops) == 0 {
		return nil
	}
	if o := alone(m, ops, c, r); o != nil {
		return []*object{o}
	}
	r.free = r.chunk
	all, owner := owners(m, ops, c, r)
	var warmth int32
	for begin, end := range c.Groups(len(ops), warmed) {
		for i := begin; i < end; i++ {
			warmth += all[owner[i]].values.warm(&ops[i])
		}
		for i := begin; i < end; i++ {
			all[owner[i]].add(&ops[i], i, c)
		}
	}
	runtime.KeepAlive(warmth)
	renumber(all, c, r)
	return all
}

// warmed is how many operations are warmed at once. They stay in the processor's first cache.
const warmed = 64

// alone reads operations that are all on one key; else it returns nil.
func alone(m *Model, ops []history.Operation, c *clock, r *arena) *object {
	n := len(ops)
	o := r.objectOf(m, ops[0].Key, ops, n)
	var warmth int32
	for begin, end := range c.Groups(n, warmed) {
		if len(o.values.slots) > 0 {
			for i := begin; i < end; i++ {
				warmth += o.values.warm(&ops[i])
			}
		}
		for i := begin; i < end; i++ {
			if ops[i].Key != o.name {
				return nil
			}
			o.add(&ops[i], i, c)
		}
	}
	runtime.KeepAlive(warmth)
	return o
}

// owners makes the objects, with room for their operations, and tells which object an operation is of.
func owners(m *Model, ops []history.Operation, c *clock, r *arena) ([]*object, []int32) {
	var all []*object
	var sizes []int
	byKey := map[string]int32{}
	owner := make([]int32, len(ops))
	known, key := int32(none), ""
	for i := range c.UpTo(len(ops)) {
		if k := ops[i].Key; known == none || k != key {
			next, ok := byKey[k]
			if !ok {
				next = int32(len(all))
				byKey[k] = next
				all = append(all, &object{name: k, model: m, ops: ops, tables: &r.tables})
				sizes = append(sizes, 0)
			}
			known, key = next, k
		}
		owner[i] = known
		sizes[known]++
	}
	expected, slots := 0, 0
	for _, n := range sizes {
		expected += expectedValues(n)
		slots += 1 << slotBits(n)
	}
	r.items, r.refs, r.ints = resize(r.items, len(ops)), resize(r.refs, len(ops)), resize(r.ints, expected)
	r.reserve(slots)
	items, refs, ints, numbers := r.items, r.refs, r.ints, make([]values, len(all))
	for k, o := range all {
		n := sizes[k]
		e := expectedValues(n)
		numbers[k] = makeValues(ints[:e:e], n, r)
		o.values, ints = &numbers[k], ints[e:]
		o.items, items = items[:0:n], items[n:]
		o.refs, refs = refs[:0:n], refs[n:]
		o.begin()
	}
	return all, owner
}

// renumber counts positions by object, so that an array over them is as long as the object's history and
// not as the whole. It changes no order. Where positions are far apart or not unique they stay as they are.
func renumber(all []*object, c *clock, r *arena) {
	events, end := 0, int32(0)
	for _, o := range all {
		for i := range c.UpTo(len(o.items)) {
			it := &o.items[i]
			if end = max(end, it.call+1); it.ret != never {
				end = max(end, it.ret+1)
			}
		}
		events += 2 * len(o.items)
	}
	if int(end) > 4*events+1024 {
		return
	}
	r.tables.marks = resize(r.tables.marks, int(end))
	owner := r.tables.marks // position → object, from 1
	clear(owner)
	for k, o := range all {
		for i := range c.UpTo(len(o.items)) {
			it := &o.items[i]
			if owner[it.call] != 0 || it.ret != never && owner[it.ret] != 0 {
				return
			}
			if owner[it.call] = int32(k) + 1; it.ret != never {
				owner[it.ret] = int32(k) + 1
			}
		}
	}
	counts := make([]int32, len(all)+1)
	for p := range c.UpTo(len(owner)) {
		k := owner[p]
		owner[p] = counts[k]
		counts[k]++
	}
	for _, o := range all {
		for i := range c.UpTo(len(o.items)) {
			it := &o.items[i]
			if it.call = owner[it.call]; it.ret != never {
				it.ret = owner[it.ret]
			}
		}
	}
}
