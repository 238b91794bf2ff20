package siblings

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/elements"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/history"
)

// never is the position of what did not happen.
const never = math.MaxInt32

// register is what was done to one.
type register struct {
	*perkey.Object
	numbers      elements.Numbers
	writes       map[int32]*write // by the values that they wrote
	acknowledged []*write
	reads        []seen // those that are ok, in order of invocation
}

// write is a write, and what becomes of its value.
type write struct {
	op       *history.Operation
	value    int32
	replaced []int32 // by this write
	replacer int32   // where the first write was invoked that replaces this one and did not fail; never if there is none
	seenLast int32   // where the last read was invoked that has it; -1 if none has
}

// seen is a read with the values that it returned.
type seen struct {
	op     *history.Operation
	values []int32
}

func (s seen) has(value int32) bool { return slices.Contains(s.values, value) }

// read reads the operations of a register. If that cannot be done there is a finding instead.
func read(o *perkey.Object) (*register, *checker.Finding) {
	r := &register{Object: o, writes: map[int32]*write{}}
	for i := range o.Clock.UpTo(len(o.Operations)) {
		op := o.Operations[i]
		take := r.takeRead
		if op.F == ops.Write {
			take = r.takeWrite
		}
		if err := take(op); err != nil {
			f := o.Unreadable(op, err.Error())
			return nil, &f
		}
	}
	r.relate()
	return r, nil
}

func (r *register) takeWrite(op *history.Operation) error {
	w, err := ops.DecodeSiblingWrite(op.Input)
	if err != nil {
		return err
	}
	value := r.numbers.Of(w.Value)
	if r.writes[value] != nil {
		return fmt.Errorf("%s was written twice", perkey.Short(w.Value))
	}
	one := &write{op: op, value: value, replacer: never, seenLast: -1}
	for _, v := range w.Replaces {
		one.replaced = append(one.replaced, r.numbers.Of(v))
	}
	r.writes[value] = one
	if op.Outcome == history.OK {
		r.acknowledged = append(r.acknowledged, one)
	}
	return nil
}

func (r *register) takeRead(op *history.Operation) error {
	if op.Outcome != history.OK {
		return nil
	}
	switch op.Output.Kind() {
	case history.List, history.Pair, history.Set, history.Nil:
	default:
		return errors.New("it is ok and returns no list")
	}
	s := seen{op: op}
	for v := range op.Output.Elements {
		s.values = append(s.values, r.numbers.Of(v))
	}
	r.reads = append(r.reads, s)
	return nil
}

// relate finds out when each value was replaced, and read last.
func (r *register) relate() {
	for _, w := range r.writes {
		if w.op.Outcome == history.Fail {
			continue
		}
		for _, v := range w.replaced {
			if old := r.writes[v]; old != nil {
				old.replacer = min(old.replacer, w.op.Invoked)
			}
		}
	}
	for _, s := range r.reads {
		for _, v := range s.values {
			if w := r.writes[v]; w != nil {
				w.seenLast = s.op.Invoked
			}
		}
	}
}
