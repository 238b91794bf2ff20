package linear

import (
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

// mostInUnits bounds what all units of an object hold together. A chain of cas has units whose size grows with the square of its
// length, and with fewer of them a part is no less right, only longer.
const mostInUnits = 1 << 22

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
	reached := make([]int32, values) // the value from which one was reached last, from 1
	held := 0
	for v := range int32(values) {
		if c.Spend(1); len(byValue[v]) == 0 {
			continue
		}
		u := unit{values: []int32{v}, items: slices.Clone(blind)}
		reached[v] = v + 1
		for at := 0; at < len(u.values); at++ {
			from := u.values[at]
			u.items = append(u.items, byValue[from]...)
			for _, w := range leadsTo[from] {
				if reached[w] != v+1 {
					reached[w] = v + 1
					u.values = append(u.values, w)
				}
			}
			c.Spend(1 + len(byValue[from]))
		}
		if held += len(u.items) + len(u.values); held > mostInUnits {
			break
		}
		units = append(units, u)
	}
	return units
}

// shrink leaves a part of the object that has no order in best, none if it found none in time.
func (e *explanation) shrink(o *object) {
	if o = e.culprit(o); o == nil {
		return
	}
	part := e.clashing(o)
	if part == nil || !e.invalid(part) {
		part = e.untilImpossible(o)
	}
	for {
		before := len(part.items)
		if part.model.drop != nil {
			part = e.loosened(e.smallest(part, part.model.drop(part, e.clock)))
		}
		part = e.smallest(part, pureUnits(part))
		if len(part.items) == before {
			return
		}
	}
}

// culprit is the object itself or, if it can be taken apart, the first part of it that is invalid.
func (e *explanation) culprit(o *object) *object {
	parts := o.parts()
	if len(parts) == 0 {
		e.best = o
		return o
	}
	for _, p := range parts {
		if e.invalid(p) {
			return p
		}
	}
	return nil
}

// clashing is the part that the zones found, if they decide this object, or of a set that around an element that was lost.
func (e *explanation) clashing(o *object) *object {
	if o.model.stage == stageInclusion {
		return e.aroundLost(o)
	}
	items, values, ok := o.asRegister(e.clock)
	if !ok {
		return nil
	}
	z := newZones(items, values, o.first(), e.clock, nil)
	if z.decide() != checker.Invalid {
		return nil
	}
	return o.aroundClash(items, z.clash, e.clock)
}

// shrinker leaves units out of an object that has no order, as long as what is left has none.
type shrinker struct {
	*explanation
	whole *object
	units []unit
}

// smallest leaves out units, many at a time first (Zeller and Hildebrandt 2002, delta debugging), until
// none of those that are left can be left out.
func (e *explanation) smallest(part *object, units []unit) *object {
	s := shrinker{explanation: e, whole: part, units: units}
	kept := make([]int, len(s.units))
	for i := range kept {
		kept[i] = i
	}
	for chunk := len(kept); chunk > 0; {
		removed := false
		for begin := 0; begin < len(kept); {
			end := min(begin+chunk, len(kept))
			rest := slices.Concat(kept[:begin], kept[end:])
			if smaller := s.without(rest); s.invalid(smaller) {
				kept, removed, part = rest, true, smaller
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
	return part
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
		s.clock.Spend(len(u.items) + 4*len(u.values))
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
	part := &object{name: o.name, model: o.model, ops: o.ops, values: o.values, lists: o.lists, appended: o.appended, begins: o.begins, initials: o.initials}
	for i := range c.UpTo(len(o.items)) {
		if keep(i) {
			part.items, part.refs = append(part.items, o.items[i]), append(part.refs, o.refs[i])
		}
	}
	if len(gone) > 0 && !o.model.registers {
		part.begins = slices.DeleteFunc(slices.Clone(o.begins), func(v int32) bool { return gone[v] })
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
