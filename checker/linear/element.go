package linear

import (
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

// settle gives each removal that found nothing a moment in its interval at which the container can be
// empty. ok is false if one has no such moment. An element is certainly there from the return of its
// insertion to the invocation of its removal; a moment will do that is in no such interval. The
// invocation of what found it empty will, or else the end of the interval that covers it.
func (all *contents) settle(c *clock) (moments []int32, ok bool) {
	var there []interval
	for _, e := range all.elements {
		if e.insert.ret < e.remove.call {
			there = append(there, interval{e.insert.ret, e.remove.call})
		}
	}
	timebound.SortFunc(c, there, func(a, b interval) int { return int(a.call - b.call) })
	timebound.SortFunc(c, all.empty, func(a, b interval) int { return int(a.call - b.call) })
	covered := int32(-1) // up to where, by the intervals that begin so far
	next := 0
	for _, e := range all.empty {
		// Intervals are open: the moment may be that of the return or the invocation itself.
		moment := e.call
		for {
			for next < len(there) && there[next].call < moment {
				covered = max(covered, there[next].ret)
				next++
			}
			if covered <= moment {
				break
			}
			moment = covered
		}
		if moment > e.ret {
			return nil, false
		}
		moments = append(moments, moment)
	}
	return moments, true
}
