package checker

// A pending operation is concurrent with everything after its invocation, so each one can double the
// orders that a search has to try. Two reductions remove nearly all of them where written values are
// unique, as they are in our workloads. Neither changes the answer.

// dropUnobserved marks the pending operations whose value nobody can have observed.
//
// Let W be pending and produce v: a write of v, or a cas to v. It is dropped if
//
//  1. no other operation that is left must see v to take effect, and
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
//
// A cas to the value it expects changes nothing and is dropped whatever happens around it.
func (r *register) dropUnobserved() {
	observers := make([]int, len(r.values.all))
	lastBlind := int64(-1) // the last return of a failed cas that does not tell what it found
	for i := range r.steps {
		s := &r.steps[i]
		if s.action == maySwap && s.want == s.put {
			s.unobserved = true
			continue
		}
		if v, ok := s.observes(); ok {
			observers[v]++
		}
		if s.action == findsOther {
			lastBlind = max(lastBlind, s.ret)
		}
	}
	// Dropping a cas may leave the value it expected unobserved. Values mostly flow from earlier to
	// later operations, so that going backwards finds nearly all of it in one pass.
	for again := true; again; {
		again = false
		for i := len(r.steps) - 1; i >= 0; i-- {
			s := &r.steps[i]
			if !s.pending || s.unobserved || observers[s.put] > 0 || lastBlind > s.call {
				continue
			}
			s.unobserved = true
			if s.action == maySwap {
				observers[s.want]--
				again = true
			}
		}
	}
}

// boundObserved gives a return to pending operations that certainly took effect.
//
// Let W be pending and the only operation that produces v, which is not the initial value, and let R
// be an operation that is not pending and must see v to take effect. In every linearization R comes
// after some operation that produced v, so after W: W took effect, as a cas because it found what it
// expected, before R returned. Thus W may be given R's return and, if it is a cas, the answer ok
// without adding or removing a linearization. A cas that is decided in this way observes what it
// expected no later than its new return, so the rule is applied until nothing changes.
//
// If R returned before W was invoked there is no linearization; W is left alone for the search to find that.
func (r *register) boundObserved() {
	producers := make([]int, len(r.values.all))
	producers[0]++ // the initial value is there without an operation
	earliest := make([]int64, len(r.values.all))
	for v := range earliest {
		earliest[v] = r.end
	}
	for i := range r.steps {
		s := &r.steps[i]
		if s.unobserved {
			continue
		}
		if v, ok := s.produces(); ok {
			producers[v]++
		}
		if v, ok := s.observes(); ok && !s.pending {
			earliest[v] = min(earliest[v], s.ret)
		}
	}
	for again := true; again; {
		again = false
		for i := len(r.steps) - 1; i >= 0; i-- {
			s := &r.steps[i]
			bound := earliest[s.put]
			if !s.pending || s.unobserved || producers[s.put] != 1 || bound == r.end || bound < s.call {
				continue
			}
			s.pending, s.ret = false, bound
			if s.action == maySwap {
				s.action = swaps
				earliest[s.want] = min(earliest[s.want], bound)
				again = true
			}
		}
	}
}
