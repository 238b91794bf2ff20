package sets

import (
	"errors"
	"math"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/elements"
	"faultline/checker/internal/perkey"
	"faultline/history"
)

// never is the position of what did not happen.
const never = math.MaxInt32

// set is what was done to a set.
type set struct {
	*perkey.Object
	numbers elements.Numbers
	added   []addition // by the number of an element
	reads   []read     // those that are ok, in order of invocation
}

// read is a read, and the numbers of the elements that it has.
type read struct {
	*history.Operation
	has   []int32 // each once
	again []int32 // those that come once more, each time
}

// addition is how an element came into a set.
type addition struct {
	begun        int32              // where the first add was invoked that may have taken effect; never if there is none
	acknowledged int32              // where the first add returned that is ok
	first        *history.Operation // that was invoked there, or the first one that failed; nil if there is no add at all
	by           *history.Operation // that was acknowledged
}

// readSet reads the operations of an object. If that cannot be done there is a finding instead.
func readSet(o *perkey.Object) (*set, *checker.Finding) {
	s := &set{Object: o}
	for i := range o.Clock.UpTo(len(o.Operations)) {
		op := o.Operations[i]
		if err := s.take(op); err != nil {
			f := o.Unreadable(op, err.Error())
			return nil, &f
		}
	}
	s.number()
	return s, nil
}

// number numbers the elements of all reads.
func (s *set) number() {
	var has []int32
	seen := make([]int32, len(s.added)) // by element, one more than the place of the last read that has it
	for i := range s.reads {
		r := &s.reads[i]
		has = has[:0]
		for v := range r.Output.Elements {
			s.Clock.Spend(1)
			e := s.of(v)
			if int(e) == len(seen) {
				seen = append(seen, 0)
			}
			if seen[e] == int32(i+1) {
				r.again = append(r.again, e)
				continue
			}
			seen[e] = int32(i + 1)
			has = append(has, e)
		}
		r.has = slices.Clone(has)
	}
}

func (s *set) take(op *history.Operation) error {
	if op.F != "read" {
		if op.Input.Kind() == history.None {
			return errors.New("it has no element to add")
		}
		s.added[s.of(op.Input)].add(op)
		return nil
	}
	if op.Outcome != history.OK {
		return nil
	}
	switch op.Output.Kind() {
	case history.List, history.Pair, history.Set, history.Nil:
		s.reads = append(s.reads, read{Operation: op})
		return nil
	default:
		return errors.New("it is ok and returns no list")
	}
}

// of is the number of an element.
func (s *set) of(v history.Value) int32 {
	e := s.numbers.Of(v)
	if int(e) == len(s.added) {
		s.added = append(s.added, addition{begun: never, acknowledged: never})
	}
	return e
}

func (a *addition) add(op *history.Operation) {
	if op.Outcome == history.Fail {
		if a.first == nil {
			a.first = op
		}
		return
	}
	if op.Invoked < a.begun {
		a.begun, a.first = op.Invoked, op
	}
	if op.Outcome == history.OK && op.Returned < a.acknowledged {
		a.acknowledged, a.by = op.Returned, op
	}
}

// value is the element of a number.
func (s *set) value(e int32) history.Value { return s.numbers.Value(e) }

// values are the elements of some numbers.
func (s *set) values(some []int32) []history.Value {
	all := make([]history.Value, len(some))
	for i, e := range some {
		all[i] = s.value(e)
	}
	return all
}
