package linear

import "faultline/checker"

// markNeeded tells which pending operations on a register with unique writes took effect. No value is
// produced twice. Let an operation that is not pending observe v, and let W produce v: then in every
// linearization W took effect. If W is a cas it observed its expected value in turn, so whatever
// produces that took effect too, and so on. These are the needed ones; all other pending operations
// may be dropped, if no cas that failed without telling what it found is there:
//
// A linearization without them is one of the history, in which they never take effect. Conversely,
// take a linearization in which some of them do, and let X be one. By definition nothing that is kept
// observes what X put: a kept operation that observes it would make X needed. Strike out all that are
// not needed. A kept operation that observes v came after the producer of v, and between the two the
// register held v throughout, since nothing produces v again: no operation that is struck out took
// effect there, and the observation stands. A pending cas that found something else than it expected
// did nothing; it is not needed, or else it had found what it expected.
//
// A blind failed cas observes that the register is not v, which may be true only thanks to X; it is
// put back in blind.go.
func (z *zones) markNeeded() checker.Validity {
	if len(z.pendings) == 0 {
		return checker.Valid
	}
	z.needed = make([]bool, len(z.items))
	var open []int32
	z.clock.Spend(len(z.pendings))
	for _, i := range z.pendings {
		if z.levels[z.items[i].put].observed() {
			open = append(open, i)
		}
	}
	for len(open) > 0 {
		i := open[len(open)-1]
		open = open[:len(open)-1]
		if z.needed[i] {
			continue
		}
		z.needed[i] = true
		z.clock.Spend(1)
		it := &z.items[i]
		if !z.produce(it) {
			return z.expectedTwice(i)
		}
		if it.action != maySwap {
			continue
		}
		if w := z.levels[it.want].producer; w >= 0 && z.items[w].pending {
			open = append(open, w)
		}
	}
	return checker.Valid
}
