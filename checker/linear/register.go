package linear

import (
	"fmt"

	"faultline/history"
	"faultline/internal/wording"
)

// Register is a register that holds null until it is written, and has read and write only.
func Register() Model {
	m := CASRegister()
	m.name, m.functions = "register", []string{"read", "write"}
	read := m.read
	m.read = func(o *object, op *history.Operation, it *item) (bool, error) {
		if op.F == "cas" || op.F == "delete" {
			return false, fmt.Errorf("a register has read and write only")
		}
		return read(o, op, it)
	}
	return m
}

// CASRegister is a register that holds null until it is written. Its functions are
//
//	read         the output is the value
//	write v      the value becomes v
//	cas [v, w]   the value becomes w if it was v, and nothing happens otherwise; ok means it was v
//	delete       the value becomes null again
//
// A failed operation did nothing and says nothing, with one exception: a cas that failed with
// history.PreconditionFailed saw another value than v, and exactly its output if it has one. An
// operation that ended in info takes effect at some time after its invocation, or never; a read of
// that kind says nothing.
func CASRegister() Model {
	return Model{
		name: "cas-register", functions: []string{"read", "write", "cas", "delete"},
		read: readRegister, registers: true,
		machine: func(o *object) machine { return &registerMachine{o.values, max(0, o.holds())} }, hold: holdValue,
		direct: decideZones, stage: stageZones, drop: dropValues,
	}
}

// readRegister turns an operation on a register into an item.
func readRegister(o *object, op *history.Operation, it *item) (says bool, err error) {
	switch op.F {
	case "read":
		if op.Outcome != history.OK {
			return false, nil
		}
		if op.Output.Kind() == history.None {
			return false, fmt.Errorf("it is ok and returns no value")
		}
		it.action, it.want = reads, o.values.number(op.Output)
		return true, nil
	case "write":
		if op.Input.Kind() == history.None {
			return false, fmt.Errorf("it has no value to write")
		}
		it.action, it.put = writes, o.values.number(op.Input)
		return op.Outcome != history.Fail, nil
	case "delete":
		it.action, it.put = writes, o.values.number(history.NilValue())
		return op.Outcome != history.Fail, nil
	case "cas":
		return readCAS(o, op, it)
	default:
		return false, fmt.Errorf("a %s has %s only", o.model.name, wording.List(o.model.functions, "and"))
	}
}

func readCAS(o *object, op *history.Operation, it *item) (says bool, err error) {
	if expected, next, ok := op.Input.Pair(); ok {
		it.want, it.put = o.values.integer(expected), o.values.integer(next)
	} else if expected, next, ok := twoValues(op.Input); ok {
		it.want, it.put = o.values.number(expected), o.values.number(next)
	} else {
		return false, fmt.Errorf("its input %s is not a pair of the expected and the new value", short(op.Input))
	}
	switch {
	case op.Outcome == history.OK && it.want == it.put:
		it.action = reads // to put what is there changes nothing
	case op.Outcome == history.OK:
		it.action = swaps
	case op.Outcome == history.Info:
		it.action = maySwap
		return it.want != it.put, nil
	case !op.Compared():
		return false, nil
	case op.Output.Kind() == history.None:
		it.action = findsOther
	default:
		it.action = reads
		if found := o.values.number(op.Output); found == it.want {
			it.action = findsNothing
		} else {
			it.want = found
		}
	}
	return true, nil
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

// registerMachine is the sequential specification. Its state is the number of the value.
type registerMachine struct {
	values *values
	first  int32
}

func (m *registerMachine) initial() int32 { return m.first }

func (m *registerMachine) after(held int32, it *item, to []int32) []int32 {
	switch it.action {
	case writes:
		return append(to, it.put)
	case maySwap:
		if held == it.want {
			return append(to, it.put)
		}
		return append(to, held)
	case findsOther:
		if held != it.want {
			return append(to, held)
		}
	case reads:
		if held == it.want {
			return append(to, held)
		}
	case swaps:
		if held == it.want {
			return append(to, it.put)
		}
	}
	return to
}

func (m *registerMachine) pure(it *item) bool {
	return it.action == reads || it.action == findsOther || it.action == findsNothing
}

func (m *registerMachine) describe(state int32) string { return short(m.values.value(state)) }
