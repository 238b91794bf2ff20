package queues

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/elements"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// The names of the parts.
const (
	TotalPart       = "total-queue"
	AtLeastOncePart = "at-least-once-queue"
)

// Total asks whether what goes into a queue comes out of it, once, as Jepsen's total-queue does. A drain is as many dequeues as it
// returns elements, and finds the queue empty in the end; a dequeue finds it empty that returns null.
//
//	lost        an acknowledged element that never came out, though the queue was found empty by an operation that began after
//	            the enqueue had returned
//	unexpected  an element that came out and that nothing had enqueued when the dequeue returned, or only enqueues that failed
//	duplicated  an element that came out more often than it had been enqueued
//
// A dequeue of unknown outcome may have taken one element, and nobody has it. So only what is missing beyond that is lost. A drain
// of unknown outcome may have taken any number: if elements are missing the answer is unknown then, where Jepsen throws.
//
// If an acknowledged element did not come out, and nobody found the queue empty since, nobody knows whether it is still there: the
// answer is unknown. Jepsen calls it lost. It lets duplicates pass, see AtLeastOnce, and takes failed enqueues for attempts.
func Total() checker.Checker {
	return kind(TotalPart, func() perkey.Judge { return new(totals) })
}

// AtLeastOnce is Total for a queue that may give an element to several consumers, which is what Jepsen's total-queue asks.
func AtLeastOnce() checker.Checker {
	return kind(AtLeastOncePart, func() perkey.Judge { return &totals{again: true} })
}

func kind(part string, begin func() perkey.Judge) checker.Checker {
	return perkey.Kind{Part: part, Noun: "queue", Functions: []string{ops.Enqueue, ops.Dequeue, ops.Drain}, Begin: begin}.Checker()
}

// queue is what was done to a queue.
type queue struct {
	*perkey.Object
	numbers  elements.Numbers
	elements []element          // by number
	empty    *history.Operation // of those that found the queue empty, the one that began last
	took     int                // how many dequeues have an unknown outcome
	drained  *history.Operation // a drain of unknown outcome
}

// element is what became of an element.
type element struct {
	in     []*history.Operation // enqueues of it that did not fail, in order of invocation
	failed *history.Operation   // an enqueue that did
	out    []*history.Operation // operations that took it out, in order of return
}

func readQueue(o *perkey.Object) (*queue, *checker.Finding) {
	q := &queue{Object: o}
	for i := range o.Clock.UpTo(len(o.Operations)) {
		if err := q.take(o.Operations[i]); err != nil {
			f := o.Unreadable(o.Operations[i], err.Error())
			return nil, &f
		}
	}
	for e := range q.elements {
		slices.SortStableFunc(q.elements[e].out, func(a, b *history.Operation) int { return cmp.Compare(a.Returned, b.Returned) })
	}
	return q, nil
}

func (q *queue) take(op *history.Operation) error {
	switch {
	case op.F == ops.Enqueue:
		return q.enqueued(op)
	case op.Outcome == history.Fail:
		return nil
	case op.Outcome == history.Info && op.F == ops.Drain:
		q.drained = op
		return nil
	case op.Outcome == history.Info:
		q.took++
		return nil
	case op.F == ops.Drain:
		return q.drain(op)
	}
	switch op.Output.Kind() {
	case history.None:
		return errors.New("it is ok and returns no element, nor null if there is none")
	case history.Nil:
		q.foundEmpty(op)
	default:
		e := q.of(op.Output)
		e.out = append(e.out, op)
	}
	return nil
}

func (q *queue) enqueued(op *history.Operation) error {
	if k := op.Input.Kind(); k == history.None || k == history.Nil {
		return errors.New("it has no element to enqueue")
	}
	e := q.of(op.Input)
	if op.Outcome == history.Fail {
		e.failed = op
		return nil
	}
	e.in = append(e.in, op)
	return nil
}

func (q *queue) drain(op *history.Operation) error {
	switch op.Output.Kind() {
	case history.List, history.Pair, history.Set:
	default:
		return fmt.Errorf("it is ok and returns %s, which is no list of elements", perkey.Short(op.Output))
	}
	for v := range op.Output.Elements {
		q.Clock.Spend(1)
		e := q.of(v)
		e.out = append(e.out, op)
	}
	q.foundEmpty(op)
	return nil
}

func (q *queue) foundEmpty(op *history.Operation) {
	if q.empty == nil || op.Invoked > q.empty.Invoked {
		q.empty = op
	}
}

func (q *queue) of(v history.Value) *element {
	n := int(q.numbers.Of(v))
	if n == len(q.elements) {
		q.elements = append(q.elements, element{})
	}
	return &q.elements[n]
}

// totals judges queues.
type totals struct {
	again     bool // duplicates are allowed
	out       int  // acknowledged elements that came out
	unknown   int  // acknowledged elements that operations of unknown outcome may have taken
	recovered int  // elements that came out of enqueues of unknown outcome
	repeated  int
}

func (j *totals) Judge(o *perkey.Object) []checker.Finding {
	q, unreadable := readQueue(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	var unexpected, duplicated, missing, open []int
	for n := range q.elements {
		e := &q.elements[n]
		unexplained := e.unexplained()
		acknowledged, due := e.acknowledged(q.empty)
		switch {
		case unexplained == 0:
			unexpected = append(unexpected, n)
		case unexplained > 0:
			j.repeated++
			duplicated = append(duplicated, n)
		}
		for range due - len(e.out) {
			missing = append(missing, n)
		}
		if acknowledged > len(e.out) && due <= len(e.out) {
			open = append(open, n)
		}
		j.out += min(acknowledged, len(e.out))
		j.recovered += max(0, min(len(e.out), len(e.in))-acknowledged)
	}
	var found []checker.Finding
	if len(unexpected) > 0 {
		found = append(found, q.unexpected(unexpected))
	}
	if len(duplicated) > 0 && !j.again {
		found = append(found, q.duplicated(duplicated))
	}
	return append(found, j.gone(q, missing, open)...)
}

// unexplained is the first dequeue, by its place in out, that no enqueue can explain; -1 if each has one. The enqueues and the
// dequeues of an element match exactly if the k-th dequeue to return did so after the k-th enqueue was invoked.
func (e *element) unexplained() int {
	for k, op := range e.out {
		if k >= len(e.in) || op.Returned < e.in[k].Invoked {
			return k
		}
	}
	return -1
}

// acknowledged is how many enqueues of an element returned, and how many of these before the queue was found empty.
func (e *element) acknowledged(empty *history.Operation) (all, due int) {
	for _, op := range e.in {
		if op.Outcome != history.OK {
			continue
		}
		all++
		if empty != nil && op.Returned < empty.Invoked {
			due++
		}
	}
	return all, due
}

// gone are the findings about elements that did not come out: missing ones though the queue was empty, and open ones.
func (j *totals) gone(q *queue, missing, open []int) []checker.Finding {
	switch {
	case len(missing) > q.took && q.drained != nil:
		return []checker.Finding{q.Undecided(fmt.Sprintf("%s did not come out of %s, and nobody knows what %s took, whose outcome is unknown",
			wording.Count(len(missing), "acknowledged element"), q.The(), perkey.Who(q.drained)), q.acknowledgedEnqueue(missing[0]), q.drained)}
	case len(missing) > q.took:
		return []checker.Finding{q.lost(missing)}
	}
	j.unknown += len(missing)
	if len(open) == 0 {
		return nil
	}
	return []checker.Finding{q.Undecided(fmt.Sprintf("%s did not come out of %s, and nobody found it empty since: %s", wording.Count(len(open), "acknowledged element"), q.The(), q.some(open)),
		q.acknowledgedEnqueue(open[0]))}
}

func (q *queue) lost(missing []int) checker.Finding {
	enqueue := q.acknowledgedEnqueue(missing[0])
	unknown := ""
	if q.took > 0 {
		unknown = fmt.Sprintf("; %s of unknown outcome can have taken %s", wording.Count(q.took, "dequeue"), wording.Grouped(q.took))
	}
	return q.Found("lost", fmt.Sprintf("%s never came out of %s: %s; %s found it empty after %s of %s had returned%s", wording.Count(len(missing), "acknowledged element"), q.The(), q.some(missing),
		perkey.Who(q.empty), perkey.Who(enqueue), perkey.Short(q.numbers.Value(int32(missing[0]))), unknown), enqueue, q.empty)
}

func (q *queue) unexpected(all []int) checker.Finding {
	e := &q.elements[all[0]]
	out, cause := e.out[0], e.failed
	why := "which nothing enqueued"
	switch {
	case len(e.in) > 0:
		cause = e.in[0]
		why = fmt.Sprintf("before %s of it began", perkey.Who(cause))
	case cause != nil:
		why = fmt.Sprintf("although %s of it had failed", perkey.Who(cause))
	}
	return q.Found("unexpected", fmt.Sprintf("%s of %s took %s, %s%s", perkey.Who(out), q.The(), perkey.Short(q.numbers.Value(int32(all[0]))), why, q.others(all)), cause, out)
}

func (q *queue) duplicated(all []int) checker.Finding {
	e := &q.elements[all[0]]
	k := e.unexplained()
	shown := []*history.Operation{e.out[k-1], e.out[k]}
	return q.Found("duplicated", fmt.Sprintf("%s came out of %s %s, and had been enqueued %s until then%s", perkey.Short(q.numbers.Value(int32(all[0]))), q.The(), times(k+1), times(k), q.others(all)),
		append(shown, e.in[:min(len(e.in), k)]...)...)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return wording.Grouped(n) + " times"
}

// acknowledgedEnqueue is an acknowledged enqueue of an element, the first one.
func (q *queue) acknowledgedEnqueue(n int) *history.Operation {
	in := q.elements[n].in
	return in[slices.IndexFunc(in, func(op *history.Operation) bool { return op.Outcome == history.OK })]
}

func (q *queue) some(all []int) string {
	values := make([]history.Value, len(all))
	for i, n := range all {
		values[i] = q.numbers.Value(int32(n))
	}
	return perkey.Some(values)
}

func (q *queue) others(all []int) string {
	if len(all) == 1 {
		return ""
	}
	return fmt.Sprintf("; the same holds for %s: %s", wording.Count(len(all)-1, "other element"), q.some(all[1:]))
}

func (j *totals) Held() (string, bool) {
	if j.out+j.recovered == 0 {
		return "no element came out of a queue", false
	}
	text := wording.Count(j.out, "acknowledged element") + " came out"
	if j.recovered > 0 {
		text += fmt.Sprintf(", and %s of unknown outcome", wording.Grouped(j.recovered))
	}
	if j.unknown > 0 {
		text += fmt.Sprintf("; operations of unknown outcome can have taken %s", wording.Grouped(j.unknown))
	}
	if j.repeated > 0 {
		text += fmt.Sprintf("; %s out several times", wording.Were(j.repeated))
	}
	return text, true
}
