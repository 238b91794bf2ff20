package linear

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// explainLeast is the time that explanations get, all together, even if the check used up its own: a verdict without a
// reason is of little use. It is short of the 100 ms to which the bound on time is kept.
const explainLeast = 50 * time.Millisecond

// finding says of an object that is not valid what is wrong, or why that is not known.
func (o *object) finding(rule string, c *clock, memory int64) checker.Finding {
	f := checker.Finding{Rule: rule, On: o.name, Validity: o.validity, Sentence: o.reason, Total: o.count}
	if o.validity != checker.Invalid {
		return f
	}
	small := o.explain(c, memory)
	if small == nil {
		f.Sentence = fmt.Sprintf("its %s cannot be linearized", wording.Count(o.count, "operation"))
		return f
	}
	f.Anomaly, f.Sentence = small.describe()
	f.Picture, f.Operations = small.picture(), small.involved()
	f.Initial, f.Hint = o.initialHint(c, memory), o.staleHint(c)
	return f
}

// explain shrinks the history of an object that cannot be linearized to operations that cannot be either, in which none can be left
// out. Porcupine confirms that they cannot. It is nil if that took too long.
func (o *object) explain(c *clock, memory int64) *object {
	if o.culprit != nil {
		o = o.culprit
	}
	var small *object
	if !c.Within(func() { small = o.shrink(c, memory) }) || small == nil {
		return nil
	}
	q := small.asQuestion()
	if q.porcupineSays(c.Left()) != checker.Invalid {
		return nil
	}
	return small
}

// shrink returns a small part of the object that has no order, nil if it found none in time.
func (o *object) shrink(c *clock, memory int64) *object {
	part := o.clashing(c)
	if part == nil || !part.invalid(c, memory) {
		part = o.untilImpossible(c, memory)
	}
	for {
		before := len(part.items)
		if part.model.drop != nil {
			part = (&shrinker{whole: part, units: part.model.drop(part, c), clock: c, memory: memory}).smallest().loosened(c, memory)
		}
		part = (&shrinker{whole: part, units: pureUnits(part), clock: c, memory: memory}).smallest()
		if len(part.items) == before {
			return part
		}
	}
}

// clashing is the part that the zones found, if they decide this object, or of a set that around an element that was lost.
func (o *object) clashing(c *clock) *object {
	if o.model.stage == stageInclusion {
		return o.aroundLost(c)
	}
	items, values, ok := o.asRegister(c)
	if !ok {
		return nil
	}
	z := newZones(items, values, o.first(), c, nil)
	if z.decide() != checker.Invalid {
		return nil
	}
	return o.aroundClash(items, z.clash, c)
}

// untilImpossible cuts an object off at the first return until which there is no order any more. It
// looks for that by halves, because every prefix of a linearizable history is linearizable.
func (o *object) untilImpossible(c *clock, memory int64) *object {
	ops := make([]history.Operation, len(o.refs))
	var returns []int32
	for i, ref := range o.refs {
		ops[i] = o.ops[ref]
		if ops[i].Outcome != history.Info {
			returns = append(returns, ops[i].Returned)
		}
	}
	slices.Sort(returns)
	first := sort.Search(len(returns), func(i int) bool {
		return o.prefix(ops, returns[i], c).invalid(c, memory)
	})
	if first == len(returns) {
		return o
	}
	return o.prefix(ops, returns[first], c)
}

func (o *object) prefix(ops []history.Operation, position int32, c *clock) *object {
	known := prefix(ops, position)
	if len(known) == 0 {
		return &object{name: o.name, model: o.model, values: newValues(0)}
	}
	part := objects(o.model, known, c, new(arena))[0]
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

// again reports whether an item is of the same operation as the one before: a drain takes several elements out.
func (o *object) again(i int) bool { return i > 0 && o.refs[i] == o.refs[i-1] }

// involved are the operations of an object as a finding has them.
func (o *object) involved() []checker.Involved {
	var all []checker.Involved
	for i := range o.items {
		if o.again(i) {
			continue
		}
		op := o.op(i)
		as := checker.Involved{Process: int(op.Process), Text: o.text(i), Invoked: int(op.Invoked), Returned: int(op.Returned), Write: o.loose(i)}
		if o.items[i].pending {
			as.Returned = -1
		}
		all = append(all, as)
	}
	return all
}

// picture draws the operations of an object.
func (o *object) picture() string {
	var intervals []checker.Interval
	for i := range o.items {
		if it := &o.items[i]; !o.again(i) {
			intervals = append(intervals, checker.Interval{Label: fmt.Sprintf("process %d  %s", o.op(i).Process, o.text(i)), Invoked: it.call, Returned: it.ret, UntilEver: it.pending})
		}
	}
	return checker.Picture(intervals)
}
