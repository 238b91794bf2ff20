package linear

import (
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/history"
)

// Beginning is the model with other values that its objects hold at first. It refuses a value that no object of the
// model can hold.
//
//	register, cas-register, kv, counter   the value
//	set                                   the list or the set of the elements
//	fifo-queue, stack                     the list of the elements, the oldest first
//	unordered-queue, priority-queue       the list or the set of the elements
//	mutex                                 true if it is locked, false if it is not
//	multi-register                        a map from registers to values, or one value for each register
//
// For any model but the multi-register a map gives such a value for each key.
func (m Model) Beginning(i checker.Initial) (Model, error) {
	if !i.Given() {
		return m, nil
	}
	m.initial = i
	if m.hold == nil {
		return m, nil
	}
	names := []string{""}
	if i.Named() {
		names = i.Names()
	}
	for _, name := range names {
		if _, err := m.hold(newValues(0), i.Of(name)); err != nil {
			if name != "" {
				err = fmt.Errorf("key %s: %w", name, err)
			}
			return m, fmt.Errorf("initial value: %w", err)
		}
	}
	return m, nil
}

// Keyed reports whether named initial values are those of keys. Those of a multi-register are of its registers.
func (m Model) Keyed() bool { return m.hold != nil }

// begin has an object hold at first what its model says.
func (o *object) begin() {
	if o.model.hold == nil || !o.model.initial.Given() {
		return
	}
	if v := o.model.initial.Of(o.name); v.Kind() != history.None {
		o.begins, o.bad = o.model.hold(o.values, v)
	}
}

// holds is what a register, a text or a counter holds at first; none if that is left to the model.
func (o *object) holds() int32 {
	if len(o.begins) == 0 {
		return none
	}
	return o.begins[0]
}

// begun reports whether a text may be other than empty at first.
func (o *object) begun() bool { return o.initials != nil || o.holds() > 0 }

// mayHoldFirst reports whether a register may hold a value before anything happens.
func (o *object) mayHoldFirst(v int32) bool {
	return o.model.registers && slices.Contains(o.first(), v)
}

// holdValue is for registers.
func holdValue(values *values, v history.Value) ([]int32, error) {
	return []int32{values.number(v)}, nil
}

// holdText is for texts, of which null is the empty one.
func holdText(values *values, v history.Value) ([]int32, error) {
	return []int32{numberText(values, v)}, nil
}

// holdCount is for counters.
func holdCount(values *values, v history.Value) ([]int32, error) {
	if n, ok := v.Int(); !ok || n > largest || n < -largest {
		return nil, fmt.Errorf("a counter does not begin with %s, but with an integer within ±%d", short(v), int64(largest))
	}
	return []int32{values.number(v)}, nil
}

// holdList is for what keeps its elements in order.
func holdList(values *values, v history.Value) ([]int32, error) {
	list, ok := v.List()
	if !ok {
		return nil, fmt.Errorf("it begins with the list of its elements, the oldest first, and %s is none", short(v))
	}
	if slices.ContainsFunc(list, isNull) {
		return nil, errNullElement
	}
	return numbers(values, list), nil
}

// holdUnordered is for what gives its elements out in any order.
func holdUnordered(values *values, v history.Value) ([]int32, error) {
	held, err := holdBag(values, v)
	if slices.Contains(held, 0) {
		return nil, errNullElement
	}
	return held, err
}

func isNull(v history.Value) bool { return v.Kind() == history.Nil }

// holdBag is for what keeps no order.
func holdBag(values *values, v history.Value) ([]int32, error) {
	list, ok := v.Set()
	if !ok {
		list, ok = v.List()
	}
	if !ok {
		return nil, fmt.Errorf("it begins with a list or a set of elements, and %s is neither", short(v))
	}
	held := numbers(values, list)
	slices.Sort(held)
	return held, nil
}

// holdSet is for what has each element once.
func holdSet(values *values, v history.Value) ([]int32, error) {
	held, err := holdBag(values, v)
	return slices.Compact(held), err
}

// holdLock is for mutexes.
func holdLock(_ *values, v history.Value) ([]int32, error) {
	switch string(v.AppendEDN(nil)) {
	case "true":
		return []int32{taken}, nil
	case "false":
		return []int32{free}, nil
	default:
		return nil, fmt.Errorf("a mutex does not begin with %s, but with true if it is locked and with false if it is not", short(v))
	}
}

func numbers(values *values, list []history.Value) []int32 {
	all := make([]int32, len(list))
	for i, v := range list {
		all[i] = values.number(v)
	}
	return all
}
