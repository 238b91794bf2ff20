package linear

import (
	"cmp"
	"math"

	"faultline/checker"
	"faultline/internal/timebound"
)

// element is the life of one value in a queue or a stack into which no value comes twice.
type element struct {
	value  int32
	insert interval
	remove interval // never, if it did not come out for certain
	gone   bool     // it was taken out, by an operation that tells so
}

// interval is the interval of an operation.
type interval struct{ call, ret int32 }

// contents is what happened to a queue or a stack.
type contents struct {
	elements []element
	empty    []interval // what found it empty
	takers   []int32    // the invocations of pending removals, of which nobody knows what they took
}

// readContents collects the lives of all values. The answer is Unknown if a value was inserted twice,
// Invalid if one was taken out twice, without having been inserted, or before that, and Valid if
// nothing is wrong so far.
//
// What is inserted by a pending operation and never certainly taken out demands nothing: its insertion may
// be later than everything, or never take effect.
func (o *object) readContents(c *clock) (contents, checker.Validity) {
	inserted := make([]int32, o.values.len())
	removed := make([]int32, o.values.len())
	for v := range inserted {
		inserted[v], removed[v] = none, none
	}
	for i, v := range o.begins {
		if inserted[v] != none {
			return contents{}, checker.Unknown
		}
		inserted[v] = initially - int32(i)
	}
	var all contents
	answer := checker.Valid
	for i := range c.UpTo(len(o.items)) {
		it := &o.items[i]
		switch it.action {
		case inserts:
			if inserted[it.put] != none {
				return contents{}, checker.Unknown
			}
			inserted[it.put] = int32(i)
		case removes:
			if removed[it.want] != none {
				answer = checker.Invalid // unless the value was inserted twice, which may come to light yet
			}
			removed[it.want] = int32(i)
		case findsEmpty:
			all.empty = append(all.empty, interval{it.call, it.ret})
		case removesAny:
			all.takers = append(all.takers, it.call)
		}
	}
	if answer == checker.Invalid {
		return contents{}, checker.Invalid
	}
	for v := range c.UpTo(len(inserted)) {
		in, out := inserted[v], removed[v]
		if in == none && out != none {
			return contents{}, checker.Invalid
		}
		if in == none {
			continue
		}
		e := element{value: int32(v), insert: o.inserted(in), remove: interval{never, never}}
		if out != none {
			e.gone, e.remove = true, interval{o.items[out].call, o.items[out].ret}
			if e.remove.ret < e.insert.call {
				return contents{}, checker.Invalid
			}
		}
		all.elements = append(all.elements, e)
	}
	return all, checker.Valid
}

// inserted is the interval in which an item put its element there. What is there initially came before everything, one after
// the other: it is counted down from initially.
func (o *object) inserted(item int32) interval {
	if item >= 0 {
		return interval{o.items[item].call, o.items[item].ret}
	}
	before := 2 * (int32(len(o.begins)) - (initially - item))
	return interval{dawn - before, dawn - before + 1}
}

// change is how the certain contents change at a position of the history.
type change struct {
	at      int32
	certain int32 // by how much the number grows of elements that come out later and are certainly there
	left    int32 // by how much the number grows of elements that only a pending removal can take, less that of pending removals
	found   int32 // where the removal was invoked that returns here and found nothing; none if none does
}

// emptyWhenFound reports whether each removal that found nothing has a moment in its interval at which the container can be empty: no element
// that came out is certainly there, as it is from the return of its insertion to the invocation of its removal, and pending removals can
// have taken all others whose insertions have returned. The proof that this is enough is that of stageQueueOrder.
func (all *contents) emptyWhenFound(c *clock) bool {
	if len(all.empty) == 0 {
		return true
	}
	certain, left, last := int32(0), int32(0), int32(math.MinInt32) // up to where it could be empty
	for _, ch := range all.changes(c) {
		c.Spend(1)
		if certain == 0 && left <= 0 {
			last = ch.at
		}
		if ch.found != none && last < ch.found {
			return false
		}
		certain += ch.certain
		left += ch.left
	}
	return true
}

// changes are all changes, in order.
func (all *contents) changes(c *clock) []change {
	changes := make([]change, 0, 2*len(all.elements)+len(all.takers)+len(all.empty))
	for _, e := range all.elements {
		switch {
		case e.gone && e.insert.ret < e.remove.call:
			changes = append(changes, change{at: e.insert.ret, certain: 1, found: none}, change{at: e.remove.call, certain: -1, found: none})
		case !e.gone && e.insert.ret != never:
			changes = append(changes, change{at: e.insert.ret, left: 1, found: none})
		}
	}
	for _, call := range all.takers {
		changes = append(changes, change{at: call, left: -1, found: none})
	}
	for _, e := range all.empty {
		changes = append(changes, change{at: e.ret, found: e.call})
	}
	timebound.SortFunc(c, changes, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	return changes
}
