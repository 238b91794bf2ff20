package linear

import (
	"slices"

	"faultline/checker"
	"faultline/history"
)

// initialHint is the value that an object that is not linearizable would have to hold at first to be, as EDN; empty if none is known. It is what
// was observed and what nothing produces. If a failed operation had tried to put it there, it is no hint but a finding.
func (o *object) initialHint(c *clock, memory int64) (edn string) {
	if o.initials != nil {
		return "" // the beginning of its history is forgotten
	}
	c.Within(func() {
		v, ok := o.unexplained(c)
		if !ok || o.refused(v, c) {
			return
		}
		first := checker.InitialValue(v)
		m, err := o.model.Beginning(first)
		if err != nil || first.Named() && m.Keyed() { // a map would be read as the values of keys
			return
		}
		again := o.sub(c, func(int) bool { return true }, nil)
		again.model = &m
		if m.hold != nil {
			if again.begins, err = m.hold(o.values, v); err != nil {
				return
			}
		}
		if again.decide(c, memory); again.validity == checker.Valid {
			edn = string(v.AppendEDN(nil))
		}
	})
	return edn
}

// unexplained is what the object may have held at first, by what was observed that nothing produces.
func (o *object) unexplained(c *clock) (history.Value, bool) {
	switch {
	case o.model.name == "multi-register":
		return o.unwrittenRegisters(c)
	case o.model.name == "counter":
		return o.firstCount()
	case o.appended:
		return history.Value{}, false
	case o.model.registers:
		all := o.unproduced(c)
		if len(all) != 1 {
			return history.Value{}, false
		}
		return o.values.value(all[0]), true
	default:
		all := o.unproduced(c)
		if o.model.name == "stack" {
			slices.Reverse(all) // what came out first was on top
		}
		list := make([]history.Value, len(all))
		for i, v := range all {
			list[i] = o.values.value(v)
		}
		return history.ListValue(list...), len(all) > 0
	}
}

// unproduced lists the values that were certainly observed and that nothing produces, in the order of what observed them.
func (o *object) unproduced(c *clock) []int32 {
	settled := make([]bool, o.values.len())
	if o.model.registers {
		settled[0] = true // null
	}
	for i := range c.UpTo(len(o.items)) {
		if v, ok := o.items[i].produces(); ok {
			settled[v] = true
		}
	}
	var all []int32
	note := func(v int32) {
		if !settled[v] {
			settled[v] = true
			all = append(all, v)
		}
	}
	for i := range c.UpTo(len(o.items)) {
		it := &o.items[i]
		if it.action == readsAll {
			for _, v := range o.lists[it.want] {
				note(v)
			}
		} else if v, ok := it.observes(); ok && !it.pending {
			note(v)
		}
	}
	return all
}

// firstCount is what the first read of a counter told, if nothing was added before it returned.
func (o *object) firstCount() (history.Value, bool) {
	first := -1
	for i := range o.items {
		if o.items[i].action == reads && (first < 0 || o.items[i].ret < o.items[first].ret) {
			first = i
		}
	}
	if first < 0 || slices.ContainsFunc(o.items, func(it item) bool { return it.action == adds && it.call < o.items[first].ret }) {
		return history.Value{}, false
	}
	return o.values.value(o.items[first].want), true
}

// unwrittenRegisters is a map from the registers of which a value was read that nothing writes to them to that value.
func (o *object) unwrittenRegisters(c *clock) (history.Value, bool) {
	type cell struct{ register, value int32 }
	written := map[cell]bool{}
	for i := range c.UpTo(len(o.items)) {
		for step := range slices.Chunk(o.lists[o.items[i].want], 3) {
			if step[0] == stepWrites {
				written[cell{step[1], step[2]}] = true
			}
		}
	}
	held := map[int32]int32{}
	for i := range c.UpTo(len(o.items)) {
		for step := range slices.Chunk(o.lists[o.items[i].want], 3) {
			if step[0] == stepWrites || step[2] == 0 || written[cell{step[1], step[2]}] {
				continue
			}
			if before, ok := held[step[1]]; ok && before != step[2] {
				return history.Value{}, false
			}
			held[step[1]] = step[2]
		}
	}
	var entries [][2]history.Value
	for register, v := range held {
		entries = append(entries, [2]history.Value{o.values.value(register), o.values.value(v)})
	}
	return history.MapValue(entries...), len(entries) > 0
}

// refused reports whether an operation that failed was to put something of a value there.
func (o *object) refused(v history.Value, c *clock) bool {
	held := inserted(v, o.model)
	for i := range c.UpTo(len(o.ops)) {
		op := &o.ops[i]
		if op.Outcome != history.Fail || op.Key != o.name {
			continue
		}
		if slices.ContainsFunc(held, op.Input.Equal) {
			return true
		}
		if _, next, ok := twoValues(op.Input); ok && op.F == "cas" && next.Equal(v) {
			return true
		}
		if o.model.name == "multi-register" && o.writesAny(op, v) {
			return true
		}
	}
	return false
}

// inserted is what operations put into an object that holds a value: its elements if it is a container, otherwise the value.
func inserted(v history.Value, m *Model) []history.Value {
	if elements, ok := v.List(); ok && !m.registers {
		return elements
	}
	return []history.Value{v}
}

// writesAny reports whether a transaction writes to a register what it has in a map from registers to values.
func (o *object) writesAny(op *history.Operation, values history.Value) bool {
	steps, err := o.readSteps(op.F, op.Input, true)
	if err != nil {
		return false
	}
	entries, _ := values.Map()
	for step := range slices.Chunk(steps, 3) {
		entry := [2]history.Value{o.values.value(step[1]), o.values.value(step[2])}
		if slices.ContainsFunc(entries, func(e [2]history.Value) bool { return e[0].Equal(entry[0]) && e[1].Equal(entry[1]) }) {
			return true
		}
	}
	return false
}
