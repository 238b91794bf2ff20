package linear

import (
	"cmp"
	"slices"

	"faultline/checker"
	"faultline/internal/timebound"
)

// stageQueueOrder is the stage that decides queues to which no value is added twice, in linear time after
// sorting: Henzinger, Sezgin and Vafeiadis 2013, "Aspect-oriented linearizability proofs", theorem 1,
// stated there for histories in which everything returned. A queue has a linearization exactly if
//
//  1. what comes out was put in, once, and comes out once, and not before it is put in;
//  2. there are no a and b such that the insertion of a returned before that of b was invoked, and b was
//     taken out by something that returned before what took a out was invoked, or a never came out;
//  3. what found the queue empty did so at a moment at which no element was certainly there.
//
// Why 2 is enough: an element was put in before what took it out returned, so its intervals may be taken
// to be the shorter for it, which changes nothing in 2 and 3. Let a < b if the insertions demand it or the removals do. A shortest circle of such demands
// alternates between the two kinds, as each is transitive. Of a1 <i a2 <r a3 <i a4 the two on insertions
// give a1 <i a4, and a shorter circle, or a3 <i a2, which contradicts a2 <r a3 by 2: intervals cannot
// make two disjoint pairs without a third one across. So there is an order of all elements in which
// they come in and go out. What is found empty is an element that comes and goes at one moment; 3 says
// that nothing is certainly there then.
//
// Pending removals may have taken anything, as late as one likes. All that they need is to be invoked before what they took has to be
// gone. An element a that never came out for certain has to be gone
//
//   - by 2, before what took b out returned, if the insertion of a returned before that of b was invoked;
//   - by 3, at each moment that is chosen for what found the queue empty, if the insertion of a had returned before it.
//
// Sort these elements by the returns of their insertions: an earlier one has to be gone no later than a later one, for either reason. So what
// has to be gone at some moment are the first n of them. To take these and no others is in keeping with 2, as no insertion of what stays returned
// before one of these was invoked. The removals can be assigned exactly if there is no moment at which fewer than n of them have been
// invoked (Hall's theorem for deadlines). This n is the larger of what 2 demands by then and of the insertions that returned before the last of
// the chosen moments. The former is looked at for all of the history. The latter has to hold at the chosen moment only, as removals that have been
// invoked remain so. Hence each moment can be chosen for itself: one at which nothing that came out is certainly there, and at which as
// many pending removals have been invoked as insertions have returned of what never came out for certain.
const stageQueueOrder = "queue-order"

func decideFIFO(o *object, c *clock) checker.Validity {
	all, answer := o.readContents(c)
	if answer != checker.Valid {
		return answer
	}
	if all.outOfOrder(c) || !all.enoughTakers(c) || !all.emptyWhenFound(c) {
		return checker.Invalid
	}
	return checker.Valid
}

// outOfOrder looks for a and b as in 2, both of which came out.
func (all *contents) outOfOrder(c *clock) bool {
	var gone []element
	for _, e := range all.elements {
		if e.gone {
			gone = append(gone, e)
		}
	}
	inserted := slices.Clone(gone)
	timebound.SortFunc(c, inserted, func(a, b element) int { return cmp.Compare(a.insert.ret, b.insert.ret) })
	timebound.SortFunc(c, gone, func(a, b element) int { return cmp.Compare(a.insert.call, b.insert.call) })
	latest := int32(-1) // removal among the elements that were in before b
	for _, b := range gone {
		for len(inserted) > 0 && inserted[0].insert.ret < b.insert.call {
			latest = max(latest, inserted[0].remove.call)
			inserted = inserted[1:]
		}
		if b.remove.ret < latest {
			return true
		}
	}
	return false
}

// enoughTakers reports whether the pending removals can take what must have come out.
func (all *contents) enoughTakers(c *clock) bool {
	var stay, gone []element
	for _, e := range all.elements {
		if e.gone {
			gone = append(gone, e)
		} else {
			stay = append(stay, e)
		}
	}
	timebound.SortFunc(c, stay, func(a, b element) int { return cmp.Compare(b.insert.ret, a.insert.ret) })
	timebound.SortFunc(c, gone, func(a, b element) int { return cmp.Compare(b.insert.call, a.insert.call) })
	var deadlines []int32
	first := int32(never) // removal to return among the elements that came in after a
	for _, a := range stay {
		for len(gone) > 0 && gone[0].insert.call > a.insert.ret {
			first = min(first, gone[0].remove.ret)
			gone = gone[1:]
		}
		if first != never {
			deadlines = append(deadlines, first)
		}
	}
	takers := slices.Clone(all.takers)
	timebound.SortFunc(c, takers, cmp.Compare[int32])
	timebound.SortFunc(c, deadlines, cmp.Compare[int32])
	if len(takers) < len(deadlines) {
		return false
	}
	for i, d := range deadlines {
		if takers[i] > d {
			return false
		}
	}
	return true
}
