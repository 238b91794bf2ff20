package linear

import (
	"slices"
	"sort"

	"faultline/history"
)

// untilImpossible cuts an object off at the first return until which there is no order any more. It
// looks for that by halves, because every prefix of a linearizable history is linearizable.
func (e *explanation) untilImpossible(o *object) *object {
	ops := make([]history.Operation, 0, len(o.refs))
	var returns []int32
	for i := range e.clock.UpTo(len(o.items)) {
		if o.again(i) {
			continue
		}
		op := o.op(i)
		if ops = append(ops, *op); op.Outcome != history.Info {
			returns = append(returns, op.Returned)
		}
	}
	slices.Sort(returns)
	first := sort.Search(len(returns), func(i int) bool {
		return e.invalid(o.prefix(ops, returns[i], e.clock))
	})
	if first == len(returns) {
		return o
	}
	return o.prefix(ops, returns[first], e.clock)
}

// prefix reads what is known of the operations at a position.
func (o *object) prefix(ops []history.Operation, position int32, c *clock) *object {
	c.Spend(len(ops))
	known := prefix(ops, position)
	if len(known) == 0 {
		return &object{name: o.name, model: o.model, values: newValues(0)}
	}
	part := objects(o.model, known, c, new(arena))[0]
	part.name = o.name
	for _, state := range o.initials {
		part.initials = append(part.initials, part.values.number(o.values.value(state)))
	}
	return part
}

// prefix is what is known of ops at a position of the history. An operation that has not returned
// there may still take effect, so it is pending; one that will fail never does and is left out.
//
// A linearization of a longer prefix, cut off before the first operation that is invoked after the
// position, is one of this prefix: what is cut off comes after everything that has returned there. So
// once a prefix has no linearization, no longer one has.
func prefix(ops []history.Operation, position int32) []history.Operation {
	var known []history.Operation
	for _, op := range ops {
		switch {
		case op.Invoked > position:
			continue
		case op.Outcome == history.Info || op.Returned <= position:
		case op.Outcome == history.Fail:
			continue
		default:
			op.Outcome, op.Output = history.Info, history.Value{}
		}
		known = append(known, op)
	}
	return known
}
