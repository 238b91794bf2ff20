package linear

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/timebound"
)

// Set is a set that grows. Its functions are
//
//	add v    v is in the set from then on
//	read     the output is the list of all that is in the set, each element once
//
// A failed operation did nothing and says nothing, as does a read that ended in info.
func Set() Model {
	return Model{
		name: "set", functions: []string{"add", "read"}, read: readSet,
		machine: func(o *object) machine { return newSetMachine(o) }, hold: holdSet,
		direct: decideSet, stage: stageInclusion, drop: dropValues,
	}
}

func readSet(o *object, op *history.Operation, it *item) (says bool, err error) {
	switch op.F {
	case "add":
		if op.Input.Kind() == history.None {
			return false, fmt.Errorf("it has no element to add")
		}
		it.action, it.put = adds, o.values.number(op.Input)
		return op.Outcome != history.Fail, nil
	case "read":
		if op.Outcome != history.OK {
			return false, nil
		}
		elements, ok := op.Output.List()
		if set, is := op.Output.Set(); is {
			elements, ok = set, true
		}
		if !ok && op.Output.Kind() != history.Nil {
			return false, fmt.Errorf("it is ok and returns no list")
		}
		list := make([]int32, len(elements))
		for i, e := range elements {
			list[i] = o.values.number(e)
		}
		slices.Sort(list)
		o.lists = append(o.lists, list)
		it.action, it.want = readsAll, int32(len(o.lists)-1)
		if _, twice := repeated(list); twice {
			it.action = repeats
		}
		return true, nil
	default:
		return false, fmt.Errorf("a set has add and read only")
	}
}

// repeated finds an element that a sorted list has twice.
func repeated(list []int32) (v int32, ok bool) {
	for i := 1; i < len(list); i++ {
		if list[i] == list[i-1] {
			return list[i], true
		}
	}
	return 0, false
}

// setMachine is the sequential specification. Its state is the number of a sorted list of elements.
type setMachine struct {
	object *object
	sets   numbered
	next   []int32
}

func newSetMachine(o *object) *setMachine {
	m := &setMachine{object: o, sets: numbered{allowance: o.allowance}}
	m.sets.number(o.begins)
	return m
}

func (m *setMachine) initial() int32 { return 0 }

func (m *setMachine) after(state int32, it *item, to []int32) []int32 {
	switch it.action {
	case adds:
		held := m.sets.list(state)
		at, found := slices.BinarySearch(held, it.put)
		if found {
			return append(to, state)
		}
		m.next = slices.Insert(append(m.next[:0], held...), at, it.put)
		next, _ := m.sets.number(m.next)
		return append(to, next)
	case readsAll:
		told := m.object.lists[it.want]
		m.object.allowance.spend(1 + len(told)/8)
		if slices.Equal(m.sets.list(state), told) {
			return append(to, state)
		}
	}
	return to
}

func (m *setMachine) pure(it *item) bool { return it.action != adds }

func (m *setMachine) describe(state int32) string {
	return m.object.values.describe(m.sets.list(state))
}

// stageInclusion is the stage that decides sets, in linear time after sorting the reads by size.
//
// The set grows, so of two reads the one that tells less came first, and one must be part of the other.
// That puts the reads into an order of groups R1 ⊂ R2 ⊂ …, each of reads that tell the same. An element
// has as its rank the first group that tells it. Some add of an element of rank i came before R_i, and
// all adds of it came after R_(i-1). Call the one that was invoked first its leader: in a
// linearization in which another add of the element comes first, the leader can be moved right behind
// that: it is after everything that returned before its invocation, because that also returned before
// the later invocation of the other, and earlier than it was. So without loss of generality the blocks
//
//	leaders of rank 1, R1, leaders of rank 2, R2, …
//
// come one after the other, and within a block any order that respects real time will do. Other adds,
// and those of elements that no read tells, change nothing that is seen once they come after R_(i-1)
// (the last group, for an element that no read tells). So there is a linearization exactly if nothing
// in a block returned before something of an earlier block was invoked, and no other add returned
// before something up to R_(i-1) was invoked: if these demands contained a circle with several other
// adds, the one with the highest rank would already break its own.
//
// A pending add of an element that no read tells is dropped: it need not take effect. Any other pending
// add takes part with its return open.
const stageInclusion = "inclusion"

func decideSet(o *object, c *clock) checker.Validity {
	if len(o.begins) > 0 {
		if o = o.beyondFirst(c); o == nil {
			return checker.Invalid
		}
	}
	leader := make([]int32, o.values.len())
	rank := make([]int32, o.values.len())
	for v := range leader {
		leader[v], rank[v] = none, none
	}
	var all []int32
	for i := range c.UpTo(len(o.items)) {
		switch it := &o.items[i]; it.action {
		case repeats:
			return checker.Invalid
		case readsAll:
			all = append(all, int32(i))
		default:
			if l := leader[it.put]; l == none || it.call < o.items[l].call {
				leader[it.put] = int32(i)
			}
		}
	}
	told := func(i int32) []int32 { return o.lists[o.items[i].want] }
	timebound.SortFunc(c, all, func(a, b int32) int { return cmp.Compare(len(told(a)), len(told(b))) })

	groups := 0
	var before []int32 // what the last group tells
	for n, i := range all {
		c.Spend(len(told(i)))
		if n == 0 || len(told(i)) > len(before) {
			groups++
		}
		fresh := 0
		for _, v := range told(i) {
			if leader[v] == none {
				return checker.Invalid
			}
			if rank[v] == none {
				rank[v] = int32(groups)
				fresh++
			}
		}
		// All that was told before has a lower rank: a list of as many elements, or of the new ones and
		// the old, holds all the old ones.
		if len(told(i)) != len(before)+fresh {
			return checker.Invalid
		}
		before = told(i)
	}
	return o.inclusionInTime(leader, rank, all, groups, c)
}

// beyondFirst is the object without what is in the set at first: to add that again changes nothing, and each read must tell all of it.
// It is nil if one does not, or has an element twice.
func (o *object) beyondFirst(c *clock) *object {
	rest := &object{model: o.model, values: o.values, lists: make([][]int32, len(o.lists))}
	for i := range c.UpTo(len(o.items)) {
		it := o.items[i]
		switch it.action {
		case repeats:
			return nil
		case adds:
			if _, held := slices.BinarySearch(o.begins, it.put); held {
				continue
			}
		default:
			told := o.lists[it.want]
			c.Spend(len(told))
			beyond := slices.DeleteFunc(slices.Clone(told), func(v int32) bool {
				_, held := slices.BinarySearch(o.begins, v)
				return held
			})
			if len(told)-len(beyond) < len(o.begins) {
				return nil
			}
			rest.lists[it.want] = beyond
		}
		rest.items = append(rest.items, it)
	}
	return rest
}

// inclusionInTime verifies that the blocks agree with real time. Block 2i holds the leaders of rank i,
// block 2i+1 the reads of that group.
func (o *object) inclusionInTime(leader, rank, all []int32, groups int, c *clock) checker.Validity {
	latest := make([]int32, 2*groups+2) // block → its last invocation, then that of all up to it
	for b := range latest {
		latest[b] = -1
	}
	c.Spend(len(latest))
	put := func(block int, i int) { latest[block] = max(latest[block], o.items[i].call) }
	groupOf := map[int]int{} // size of what is told → group
	for _, i := range all {
		size := len(o.lists[o.items[i].want])
		if _, ok := groupOf[size]; !ok {
			groupOf[size] = len(groupOf) + 1
		}
		put(2*groupOf[size]+1, int(i))
	}
	for v, l := range leader {
		if l != none && rank[v] != none {
			put(2*int(rank[v]), int(l))
		}
	}
	for b := 1; b < len(latest); b++ {
		latest[b] = max(latest[b], latest[b-1])
	}
	for i := range c.UpTo(len(o.items)) {
		it := &o.items[i]
		block := 2*groups + 2 // an element that no read tells: after all
		if it.action == readsAll {
			block = 2*groupOf[len(o.lists[it.want])] + 1
		} else if r := rank[it.put]; r != none {
			block = 2 * int(r)
		}
		if it.ret < latest[block-1] {
			return checker.Invalid
		}
	}
	return checker.Valid
}
