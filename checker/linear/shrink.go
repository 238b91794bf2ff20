package linear

import (
	"maps"
	"slices"

	"faultline/checker"
)

// unit is a part of a history that may be left out without making a history that has an order into one
// that has none. Units may be left out together.
//
// For every model, an item that changes nothing is one: strike it out of a linearization. The other
// units are those of one value or more:
//
//   - Registers. Let X be a set of values that is closed under cas: if v is in X and a cas to w expects v,
//     w is in X. All items that observe or produce a value of X may be left out, together with every
//     failed cas that does not tell what it found. Take a linearization and strike them out. While the
//     register held a value of X, nothing that is left took effect, because what is left neither
//     observes nor produces such a value, and the item that ended this did not observe it: it was a
//     write. A pending cas that did nothing then might do something now: it never takes effect. So all
//     that is left observes what it did.
//   - Keys of a kv that can be stated as registers: the same there.
//   - Sets, queues and stacks. All items that add, insert or remove a value v may be left out, and v from
//     what reads of a set tell. Strike v out of every state of a linearization: the others are where
//     they were, in the same order. A pending removal of v never takes effect.
type unit struct {
	items  []int32
	values []int32
}

// dropping lists the units of an object, without those of items that change nothing.
type dropping func(*object, *clock) []unit

// dropValues is for registers, sets, queues and stacks: a unit for each value.
func dropValues(o *object, c *clock) []unit { return valueUnits(o.items, o.values.len(), c) }

// dropNodes is for kv: a unit for each value of the register that a key can be stated as.
func dropNodes(o *object, c *clock) []unit {
	items, values, ok := o.asRegister(c)
	if !ok {
		return nil
	}
	return valueUnits(items, values, c)
}

func valueUnits(items []item, values int, c *clock) []unit {
	byValue := make([][]int32, values)
	leadsTo := map[int32][]int32{}
	var blind []int32
	for i := range c.UpTo(len(items)) {
		it := &items[i]
		u, observes := it.observes()
		v, produces := it.produces()
		if observes {
			byValue[u] = append(byValue[u], int32(i))
		}
		if produces && !(observes && u == v) {
			byValue[v] = append(byValue[v], int32(i))
		}
		if observes && produces {
			leadsTo[u] = append(leadsTo[u], v)
		}
		if it.action == findsOther {
			blind = append(blind, int32(i))
		}
	}
	var units []unit
	for v := range byValue {
		c.Spend(8)
		closed := map[int32]bool{int32(v): true}
		for open := []int32{int32(v)}; len(open) > 0; {
			u := open[0]
			open = open[1:]
			for _, w := range leadsTo[u] {
				if !closed[w] {
					closed[w] = true
					open = append(open, w)
				}
			}
		}
		u := unit{values: slices.Sorted(maps.Keys(closed)), items: slices.Clone(blind)}
		for _, w := range u.values {
			u.items = append(u.items, byValue[w]...)
		}
		if len(byValue[v]) > 0 {
			units = append(units, u)
		}
	}
	return units
}

// shrinker looks for a small part of an object that has no order either.
type shrinker struct {
	whole  *object
	units  []unit
	clock  *clock
	memory int64
}

// smallest leaves out units, many at a time first (Zeller and Hildebrandt 2002, delta debugging), until
// none of those that are left can be left out.
func (s *shrinker) smallest() *object {
	kept := make([]int, len(s.units))
	for i := range kept {
		kept[i] = i
	}
	for chunk := len(kept); chunk > 0; {
		removed := false
		for begin := 0; begin < len(kept); {
			end := min(begin+chunk, len(kept))
			rest := slices.Concat(kept[:begin], kept[end:])
			if s.without(rest).invalid(s.clock, s.memory) {
				kept, removed = rest, true
			} else {
				begin = end
			}
		}
		if chunk > 1 {
			chunk = (chunk + 1) / 2
		} else if !removed {
			break
		}
	}
	return s.without(kept)
}

// without leaves out all units but the kept ones.
func (s *shrinker) without(kept []int) *object {
	gone := make([]bool, len(s.whole.items))
	values := map[int32]bool{}
	left := make([]bool, len(s.units))
	for _, k := range kept {
		left[k] = true
	}
	for i, u := range s.units {
		if left[i] {
			continue
		}
		for _, at := range u.items {
			gone[at] = true
		}
		for _, v := range u.values {
			values[v] = true
		}
	}
	return s.whole.sub(s.clock, func(i int) bool { return !gone[i] }, values)
}

// sub is the part of an object that holds some items, and of what reads tell and what is there at first all but some values.
func (o *object) sub(c *clock, keep func(int) bool, gone map[int32]bool) *object {
	part := &object{name: o.name, model: o.model, ops: o.ops, values: o.values, lists: o.lists, appended: o.appended, held: o.held, initials: o.initials}
	for i := range c.UpTo(len(o.items)) {
		if keep(i) {
			part.items, part.refs = append(part.items, o.items[i]), append(part.refs, o.refs[i])
		}
	}
	if len(gone) > 0 && !o.model.registers {
		part.held = slices.DeleteFunc(slices.Clone(o.held), func(v int32) bool { return gone[v] })
	}
	if len(gone) > 0 {
		part.lists = make([][]int32, len(o.lists))
		for i := range part.items {
			switch it := &part.items[i]; it.action {
			case repeats:
				part.lists[it.want] = o.lists[it.want]
			case readsAll:
				part.lists[it.want] = slices.DeleteFunc(slices.Clone(o.lists[it.want]), func(v int32) bool { return gone[v] })
			}
		}
	}
	return part
}

// invalid reports whether an object certainly has no order.
func (o *object) invalid(c *clock, memory int64) bool {
	o.decide(c, memory)
	return o.validity == checker.Invalid
}

// pureUnits are the items that change nothing.
func pureUnits(o *object) []unit {
	m := o.model.machine(o)
	var units []unit
	for i := range o.items {
		if m.pure(&o.items[i]) {
			units = append(units, unit{items: []int32{int32(i)}})
		}
	}
	return units
}

// aroundClash is the part of a register's history that concerns the values that its zones clash over.
// What it leaves out is a set of values closed under cas: with a value it keeps the one that a cas to
// it expects.
func (o *object) aroundClash(items []item, clash []int32, c *clock) *object {
	kept := map[int32]bool{}
	expects := map[int32][]int32{}
	for i := range c.UpTo(len(items)) {
		it := &items[i]
		v, observes := it.observes()
		if w, produces := it.produces(); observes && produces {
			expects[w] = append(expects[w], v)
		}
	}
	for open := slices.Clone(clash); len(open) > 0; {
		v := open[0]
		open = open[1:]
		if !kept[v] {
			kept[v] = true
			open = append(open, expects[v]...)
		}
	}
	return o.sub(c, func(i int) bool {
		it := &items[i]
		v, observes := it.observes()
		w, produces := it.produces()
		switch it.action {
		case findsOther:
			return false
		case findsNothing:
			return kept[it.want]
		}
		return (!observes || kept[v]) && (!produces || kept[w])
	}, nil)
}
