package checker

import (
	"fmt"

	"github.com/anishathalye/porcupine"

	"faultline/history"
)

// CASRegister is a register that holds null until it is written. Its functions are
//
//	read         the output is the value
//	write v      the value becomes v
//	cas [v, w]   the value becomes w if it was v, and nothing happens otherwise; ok means it was v
//
// A failed operation did nothing and says nothing, with one exception: a cas that failed with
// history.PreconditionFailed saw another value than v, and exactly its output if it has one. An
// operation that ended in info takes effect at some time after its invocation, or never; a read of
// that kind says nothing.
func CASRegister() Model {
	return Model{name: "cas-register", compile: compileRegister}
}

// action is what an operation does to a register, or what it says of it.
type action uint8

const (
	reads        action = iota // the register holds want
	writes                     // it holds put afterwards
	swaps                      // it holds want, and put afterwards
	maySwap                    // it holds put afterwards if it holds want: a cas whose answer is unknown
	findsOther                 // it holds anything but want: a failed cas that does not tell what it found
	findsExactly               // it holds want, which is not what the failed cas expected
	findsNothing               // no register does this: a failed cas that found what it expected
)

// step is one operation on a register. Values are small integers, see values.
type step struct {
	action     action
	want, put  int32
	pending    bool  // it may take effect until the end
	call, ret  int64 // positions in the history
	op         *history.Operation
	unobserved bool // see dropUnobserved
}

// produces returns the value that the register may hold because of s.
func (s *step) produces() (v int32, ok bool) {
	return s.put, s.action == writes || s.action == swaps || s.action == maySwap
}

// observes returns the value that the register must hold for s to take effect.
func (s *step) observes() (v int32, ok bool) {
	switch s.action {
	case reads, swaps, maySwap, findsExactly:
		return s.want, true
	default:
		return 0, false
	}
}

// register is the operations on one key on their way to porcupine.
type register struct {
	values values
	steps  []step
	end    int64 // later than every event
	states []any // states[v] is v in an interface: boxing it once spares an allocation a step
}

func compileRegister(ops []history.Operation) (question, error) {
	r, err := readRegister(ops)
	if err != nil {
		return question{}, err
	}
	r.dropUnobserved()
	r.boundObserved()
	return r.question(), nil
}

// readRegister turns operations into steps.
func readRegister(ops []history.Operation) (*register, error) {
	r := &register{values: newValues(), steps: make([]step, 0, len(ops))}
	for i := range ops {
		op := &ops[i]
		r.end = max(r.end, int64(op.Invoked)+1, int64(op.Returned)+1)
		s, says, err := r.read(op)
		if err != nil {
			return nil, fmt.Errorf("%s by process %d at %v: %w", clip(op.F), op.Process, op.Invoke, err)
		}
		if says {
			r.steps = append(r.steps, s)
		}
	}
	for i := range r.steps {
		if r.steps[i].pending {
			r.steps[i].ret = r.end
		}
	}
	return r, nil
}

// read turns an operation into a step, if it says anything of the register.
func (r *register) read(op *history.Operation) (s step, says bool, err error) {
	s = step{op: op, call: int64(op.Invoked), ret: int64(op.Returned), pending: op.Outcome == history.Info}
	switch op.F {
	case "read":
		if op.Outcome != history.OK {
			return s, false, nil
		}
		if op.Output.Kind() == history.None {
			return s, false, fmt.Errorf("it is ok and returns no value")
		}
		s.action, s.want = reads, r.values.number(op.Output)
		return s, true, nil
	case "write":
		if op.Input.Kind() == history.None {
			return s, false, fmt.Errorf("it has no value to write")
		}
		s.action, s.put = writes, r.values.number(op.Input)
		return s, op.Outcome != history.Fail, nil
	case "cas":
		return r.readCAS(op, s)
	default:
		return s, false, fmt.Errorf("a cas-register has read, write and cas only")
	}
}

func (r *register) readCAS(op *history.Operation, s step) (step, bool, error) {
	expected, next, ok := twoValues(op.Input)
	if !ok {
		return s, false, fmt.Errorf("its input %s is not a pair of the expected and the new value", short(op.Input))
	}
	s.want, s.put = r.values.number(expected), r.values.number(next)
	switch {
	case op.Outcome == history.OK:
		s.action = swaps
	case op.Outcome == history.Info:
		s.action = maySwap
	case op.Error != history.PreconditionFailed:
		return s, false, nil
	case op.Output.Kind() == history.None:
		s.action = findsOther
	case op.Output.Equal(expected):
		s.action = findsNothing
	default:
		s.action, s.want = findsExactly, r.values.number(op.Output)
	}
	return s, true, nil
}

// twoValues takes a list of two apart.
func twoValues(v history.Value) (first, second history.Value, ok bool) {
	if a, b, ok := v.Pair(); ok {
		return history.IntValue(a), history.IntValue(b), true
	}
	if list, ok := v.List(); ok && len(list) == 2 {
		return list[0], list[1], true
	}
	return first, second, false
}

func (r *register) question() question {
	r.states = make([]any, len(r.values.all))
	for v := range r.states {
		r.states[v] = int32(v)
	}
	q := question{operations: make([]porcupine.Operation, 0, len(r.steps))}
	for i := range r.steps {
		s := &r.steps[i]
		if s.unobserved {
			continue
		}
		if s.pending {
			q.pending++
		}
		q.operations = append(q.operations, porcupine.Operation{ClientId: s.op.Process, Input: s, Call: s.call, Return: s.ret, Metadata: s})
	}
	q.model = porcupine.Model{
		Init:                      func() any { return r.states[0] },
		Step:                      r.step,
		DescribeOperation:         func(input, _ any) string { return describe(input.(*step).op) },
		DescribeState:             func(state any) string { return short(r.values.all[state.(int32)]) },
		DescribeOperationMetadata: func(meta any) string { return circumstances(meta.(*step).op) },
	}
	q.proposed = propose(q.operations)
	return q
}

// step is the sequential specification.
func (r *register) step(state, input, _ any) (bool, any) {
	held, s := state.(int32), input.(*step)
	switch s.action {
	case reads, findsExactly:
		return held == s.want, state
	case writes:
		return true, r.states[s.put]
	case swaps:
		return held == s.want, r.states[s.put]
	case maySwap:
		if held == s.want {
			return true, r.states[s.put]
		}
		return true, state
	case findsOther:
		return held != s.want, state
	default: // findsNothing
		return false, state
	}
}
