package totals

import (
	"errors"
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/history"
	"faultline/internal/wording"
)

// CounterPart is the name of the part.
const CounterPart = "counter"

// counting are the functions of counters: add n, inc and dec, by 1 or by the number that they are given, and read.
var counting = []string{"add", "inc", "dec", "read"}

// Counter asks whether each read of a counter is within its bounds, as Jepsen's counter does. The counter begins at 0. A read tells
// at least the sum of what was acknowledged before it began, and at most the sum of all that was invoked before it returned and did
// not fail. What is subtracted counts the other way round; Jepsen's counter refuses it.
//
//	out-of-bounds  a read tells less or more
//
// Each read is judged by itself, and by its bounds only. A number between them that no additions add up to goes unnoticed, and
// so do reads that contradict one another. The model counter of package linear notices both, and may need a search for it.
func Counter() checker.Checker {
	return perkey.Kind{Part: CounterPart, Noun: "counter", Functions: counting, Begin: func() perkey.Judge { return new(counters) }}.Checker()
}

// counter is what was done to a counter.
type counter struct {
	*perkey.Object
	added []addition
	reads []*history.Operation // those that are ok
}

// readCounter reads the operations of an object. If that cannot be done there is a finding instead.
func readCounter(o *perkey.Object) (*counter, *checker.Finding) {
	c := &counter{Object: o}
	for i := range o.Clock.UpTo(len(o.Operations)) {
		if err := c.take(o.Operations[i]); err != nil {
			f := o.Unreadable(o.Operations[i], err.Error())
			return nil, &f
		}
	}
	return c, nil
}

func (c *counter) take(op *history.Operation) error {
	if op.F == "read" {
		if op.Outcome != history.OK {
			return nil
		}
		if _, ok := op.Output.Int(); !ok {
			return errors.New("it is ok and returns no integer")
		}
		c.reads = append(c.reads, op)
		return nil
	}
	n, err := step(op)
	if err == nil && op.Outcome != history.Fail {
		c.added = append(c.added, newAddition(op, n))
	}
	return err
}

// step is what an operation adds to a counter.
func step(op *history.Operation) (n int64, err error) {
	n = 1
	if k := op.Input.Kind(); op.F == "add" || k != history.None && k != history.Nil {
		n, err = amount(op.Input, "what it adds")
	}
	if op.F == "dec" {
		n = -n
	}
	return n, err
}

// counters judges counters.
type counters struct{ reads int }

func (j *counters) Judge(o *perkey.Object) []checker.Finding {
	c, unreadable := readCounter(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	j.reads += len(c.reads)
	i := intervalOf(c.added)
	var first *history.Operation
	count := 0
	for _, r := range c.reads {
		n, _ := r.Output.Int()
		if b := i.of(r); n < b.low || n > b.high {
			if count++; first == nil {
				first = r
			}
		}
	}
	if first == nil {
		return nil
	}
	return []checker.Finding{o.Found("out-of-bounds", fmt.Sprintf("%s of %s returned %v, where only %v is possible%s", perkey.Who(first), o.The(), first.Output,
		i.of(first), perkey.More(count, "read")), first)}
}

func (j *counters) Held() (string, bool) {
	if j.reads == 0 {
		return "no counter was read", false
	}
	return wording.Count(j.reads, "read") + " stayed within bounds", true
}
