package linear

// A pending operation is concurrent with everything after its invocation, so each one can double the
// orders that a search has to try. Two reductions remove many of them from registers whose values
// repeat, before the search; where no value repeats the zones need neither. They change no answer.

// dropUnobserved leaves out the pending items whose value nobody can have observed.
//
// Let W be pending and produce v: a write of v, or a cas to v. It is dropped if
//
//  1. no other item that is left must see v to take effect, and
//  2. no cas that failed without telling what it found returned after W was invoked.
//
// If the history without W is linearizable, so is the history: W never took effect. Conversely, take a
// linearization with W in it, and in it the operations between W and the next one that changes the
// register. The register holds v there, so by 1 they are neither reads nor cas that succeeded or told
// what they found, nor is the one that ends the interval a cas. They are pending cas that did nothing,
// or failed cas that told nothing; the latter are excluded by 2, because one that returned before W
// was invoked comes before W. Remove W: those pending cas might now succeed, so put them after
// everything else, as operations that never took effect. What is left is a linearization without W.
//
// Without 2 this would be wrong: read 1, then write 2 (info), then cas [1, 3] that fails and tells
// nothing, all one after the other, are linearizable only because the write took effect.
func dropUnobserved(items []item, values int, a *allowance) []item {
	observers := make([]int, values)
	lastBlind := int32(-1) // the last return of a failed cas that does not tell what it found
	for i := range items {
		if v, ok := items[i].observes(); ok {
			observers[v]++
		}
		if items[i].action == findsOther {
			lastBlind = max(lastBlind, items[i].ret)
		}
	}
	// Dropping a cas may leave the value it expected unobserved. Values mostly flow from earlier to
	// later operations, so that going backwards finds nearly all of it in one pass.
	dropped := make([]bool, len(items))
	for again := true; again; {
		again = false
		a.spend(len(items))
		for i := len(items) - 1; i >= 0; i-- {
			it := &items[i]
			if !it.pending || dropped[i] || observers[it.put] > 0 || lastBlind > it.call {
				continue
			}
			dropped[i] = true
			if it.action == maySwap {
				observers[it.want]--
				again = true
			}
		}
	}
	kept := make([]item, 0, len(items))
	for i, it := range items {
		if !dropped[i] {
			kept = append(kept, it)
		}
	}
	return kept
}

// boundObserved gives a return to pending items that certainly took effect.
//
// Let W be pending and the only item that produces v, which is no initial value, and let R be an
// item that is not pending and must see v to take effect. In every linearization R comes after some
// item that produced v, so after W: W took effect, as a cas because it found what it expected, before R
// returned. Thus W may be given R's return and, if it is a cas, the answer ok without adding or
// removing a linearization. A cas that is decided in this way observes what it expected no later than
// its new return, so the rule is applied until nothing changes.
//
// If R returned before W was invoked there is no linearization; W is left alone for the search to find that.
//
// It reports whether each value that must have been seen has an item that produces it or is an initial one. If not there is no
// linearization, which a search would find out only after all others.
func boundObserved(items []item, values int, initials []int32, a *allowance) (possible bool) {
	producers := make([]int, values)
	for _, v := range initials {
		producers[v]++ // it is there without an item
	}
	earliest := make([]int32, values)
	for v := range earliest {
		earliest[v] = never
	}
	for i := range items {
		it := &items[i]
		if v, ok := it.produces(); ok {
			producers[v]++
		}
		if v, ok := it.observes(); ok && !it.pending {
			earliest[v] = min(earliest[v], it.ret)
		}
	}
	for again := true; again; {
		again = false
		a.spend(len(items))
		for i := len(items) - 1; i >= 0; i-- {
			it := &items[i]
			if !it.pending || producers[it.put] != 1 {
				continue
			}
			bound := earliest[it.put]
			if bound == never || bound < it.call {
				continue
			}
			it.pending, it.ret = false, bound
			if it.action == maySwap {
				it.action = swaps
				earliest[it.want] = min(earliest[it.want], bound)
				again = true
			}
		}
	}
	for v := range producers {
		if producers[v] == 0 && earliest[v] != never {
			return false
		}
	}
	return true
}
