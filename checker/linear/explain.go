package linear

import (
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/internal/wording"
)

// finding says what is known without an explanation.
func (d decision) finding(rule, name string, operations int) checker.Finding {
	f := checker.Finding{Rule: rule, On: name, Validity: d.validity, Sentence: d.reason, Bound: d.bound, Total: operations}
	if d.validity == checker.Invalid {
		f.Sentence = fmt.Sprintf("its %s cannot be linearized", wording.Count(operations, "operation"))
	}
	return f
}

// explanation is the search for a small part of an object that has no order either. Whatever part it has decided to be invalid is an
// explanation, so that it has one whenever its time ends.
type explanation struct {
	clock  *clock
	memory int64
	best   *object // the smallest part so far
}

// invalid reports whether a part certainly has no order.
func (e *explanation) invalid(part *object) bool {
	part.decide(e.clock, e.memory)
	if part.validity != checker.Invalid {
		return false
	}
	if e.best == nil || len(part.items) < len(e.best.items) {
		e.best = part
	}
	return true
}

// Of the time that there is for an explanation, shrinking and then porcupine get so much of what is left.
const (
	shrinkingTime  = 4 // of 5
	confirmingTime = 1 // of 2
)

// listed bounds the operations of an explanation. Nobody looks through more, and a page of them would be slow.
const listedMost = 1_000

// explain adds to a finding why an invalid object cannot be linearized: it shrinks its history to operations that cannot be
// linearized either. Porcupine is asked as well, and what it finds an order of is not told. The finding stays as it is if the time
// is too short for any explanation.
func (o *object) explain(f *checker.Finding, c *clock, memory int64) {
	e := &explanation{clock: c.Another(c.Left() * shrinkingTime / 5), memory: memory}
	e.clock.Within(func() { e.shrink(o) })
	small := e.best
	if small == nil || len(small.items) == len(o.items) && len(small.items) > listedMost {
		return
	}
	if len(small.items) > listedMost {
		f.Sentence = fmt.Sprintf("%s of its %s cannot be linearized by themselves", wording.Grouped(len(small.items)), wording.Count(f.Total, "operation"))
		return
	}
	if q := small.asQuestion(c.Another(c.Left()*confirmingTime/2), memory); q.porcupineSays() == checker.Valid {
		return
	}
	small.showIn(f)
	f.Initial = o.initialHint(c, memory)
}

// again reports whether an item is of the same operation as the one before: a drain takes several elements out.
func (o *object) again(i int) bool { return i > 0 && o.refs[i] == o.refs[i-1] }

// showIn shows the operations of a part in a finding.
func (o *object) showIn(f *checker.Finding) {
	f.Held, f.Operations, f.Picture = o.before(), o.involved(), o.picture()
	f.Anomaly, f.Sentence = o.describe()
	if len(f.Held) > 0 {
		f.Sentence += fmt.Sprintf("; %s held %s before", o.called(), wording.List(f.Held, "or"))
	}
}

// before are the values of which the object held one at first, if that is not what the model says.
func (o *object) before() []string {
	if o.initials == nil {
		return nil
	}
	m := o.model.machine(o)
	texts := make([]string, len(o.initials))
	for i, state := range o.initials {
		texts[i] = m.describe(state)
	}
	return texts
}

// called names the object at the beginning of a sentence.
func (o *object) called() string {
	if o.name == "" {
		return "the " + strings.TrimPrefix(o.model.name, "cas-")
	}
	return clip(o.name)
}

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

// drawnMost bounds the operations of a picture, whose lines are as wide as there are events.
const drawnMost = 100

// picture draws the operations of an object, if they are few enough.
func (o *object) picture() string {
	if len(o.items) > drawnMost {
		return ""
	}
	var intervals []checker.Interval
	for i := range o.items {
		if it := &o.items[i]; !o.again(i) {
			intervals = append(intervals, checker.Interval{Label: fmt.Sprintf("process %d  %s", o.op(i).Process, o.text(i)), Invoked: it.call, Returned: it.ret, UntilEver: it.pending})
		}
	}
	return checker.Picture(intervals)
}
