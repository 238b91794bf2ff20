package linear

import "faultline/history"

// loosened is a smaller part of a register's history, in which some cas are taken for writes of their values; the object
// itself if that makes nothing smaller. It is sound: in a linearization a write of the same value can stand where a cas
// stands, for it asks for nothing. So what has no order with the write has none with the cas. And it cuts chains: a value can
// be left out only with all that cas made of it, which a write does not.
//
// Without it, that a read saw 9 after a cas from 9 had returned takes the whole chain of cas that came to 9.
func (e *explanation) loosened(o *object) *object {
	for i := len(o.items) - 1; i >= 0; i-- { // what went wrong is at the end of its chain
		if a := o.items[i].action; a != swaps && a != maySwap {
			continue
		}
		part := o.sub(e.clock, func(int) bool { return true }, nil)
		part.items[i].action = writes
		if !e.invalid(part) {
			continue
		}
		small := e.smallest(part, part.model.drop(part, e.clock))
		if len(small.items) < len(o.items) {
			return e.loosened(small)
		}
	}
	return o
}

// loose tells whether an item is a cas that is taken for a write of its value.
func (o *object) loose(i int) bool { return o.items[i].action == writes && o.op(i).F == "cas" }

// text is an operation in a few words. Of a cas that is taken for a write it does not matter what it expected.
func (o *object) text(i int) string {
	op := o.op(i)
	if !o.loose(i) {
		return Describe(op)
	}
	_, next, _ := twoValues(op.Input)
	text := "cas … → " + short(next)
	if op.Outcome == history.Info {
		text += " (info)"
	}
	return text
}
