package linear

import (
	"fmt"

	"faultline/history"
)

// KV is a store of texts, a key each, which are empty until they are put. Its functions are
//
//	get        the output is the text; null is the empty one
//	put s      the text becomes s
//	append s   s comes to its end
//
// A failed operation did nothing and says nothing, as does a get that ended in info. A key to which
// nothing is appended is a register, and decided as one; see kvchain.go for the others.
func KV() Model {
	return Model{
		name: "kv", functions: []string{"get", "put", "append"}, read: readKV,
		machine: func(o *object) machine { return &kvMachine{registerMachine{o.values, max(0, o.holds())}, o.allowance} }, hold: holdText,
		direct: decideKV,
		stage:  stageZones, drop: dropNodes, registers: true,
	}
}

// isRegister reports whether the items are those of one register.
func (o *object) isRegister() bool { return o.model.registers && !o.appended }

func readKV(o *object, op *history.Operation, it *item) (says bool, err error) {
	number := func(v history.Value) int32 { return numberText(o.values, v) }
	switch op.F {
	case "get":
		if op.Outcome != history.OK {
			return false, nil
		}
		if op.Output.Kind() == history.None {
			return false, fmt.Errorf("it is ok and returns no value")
		}
		it.action, it.want = reads, number(op.Output)
		return true, nil
	case "put":
		if op.Input.Kind() == history.None {
			return false, fmt.Errorf("it has no value to put")
		}
		it.action, it.put = writes, number(op.Input)
		o.textless = o.textless || !isText(op.Input)
		return op.Outcome != history.Fail, nil
	case "append":
		if _, ok := op.Input.Text(); !ok {
			return false, fmt.Errorf("its input %s is not a text", short(op.Input))
		}
		o.appended = true
		it.action, it.put = appends, number(op.Input)
		return op.Outcome != history.Fail, nil
	default:
		return false, fmt.Errorf("a kv has get, put and append only")
	}
}

// isText reports whether something can be appended to a value.
func isText(v history.Value) bool { return v.Kind() == history.Text || v.Kind() == history.Nil }

// unreadable is what the model cannot make sense of in the operations, all together; nil if it can.
func (o *object) unreadable() error {
	if o.bad != nil || !o.appended {
		return o.bad
	}
	for _, state := range o.first() {
		o.textless = o.textless || !isText(o.values.value(state))
	}
	if o.textless {
		return fmt.Errorf("texts are appended to what is no text")
	}
	return nil
}

// numberText numbers a text. The empty one is null.
func numberText(values *values, v history.Value) int32 {
	if s, ok := v.Text(); ok && s == "" {
		return 0
	}
	return values.number(v)
}

// bytesPerText is what a text takes apart from its letters, of which there are two copies: one is in JSON.
const bytesPerText = 256

// kvMachine is the sequential specification. Its state is the number of the text.
type kvMachine struct {
	registerMachine
	allowance *allowance
}

func (m *kvMachine) after(state int32, it *item, to []int32) []int32 {
	if it.action != appends {
		return m.registerMachine.after(state, it, to)
	}
	held, _ := m.values.value(state).Text()
	end, _ := m.values.value(it.put).Text()
	text := held + end
	if text == "" {
		return append(to, 0)
	}
	m.allowance.spend(1 + len(text)/8)
	before := m.values.len()
	state = m.values.number(history.TextValue(text))
	if m.values.len() > before {
		m.allowance.take(bytesPerText + 2*len(text))
	}
	return append(to, state)
}
