package linear

import "faultline/history"

// bruteForce decides from the definition whether operations on one register are linearizable: it
// tries every order of every set of operations that holds all that returned and any that are pending.
// It shares nothing with the code it is the measure of.
func bruteForce(ops []history.Operation) bool {
	return bruteForceOrder(ops, history.NilValue(), byPosition)
}

func byPosition(a, b history.Operation) bool { return a.Returned < b.Invoked }

// bruteForceOrder does so for what the register holds at first, and for another idea of which operation that returned comes before
// which.
func bruteForceOrder(ops []history.Operation, first history.Value, before func(a, b history.Operation) bool) bool {
	var open []history.Operation
	for _, op := range ops {
		switch {
		case op.Outcome == history.Fail && op.Reason() != history.PreconditionFailed:
			continue // it did nothing and says nothing
		case op.Outcome == history.Info && op.F == "read":
			continue
		}
		open = append(open, op)
	}
	return extend(open, first, before)
}

// extend reports whether the open operations can follow, in some order, on a register that holds a value.
func extend(open []history.Operation, held history.Value, before func(a, b history.Operation) bool) bool {
	done := true
	for i, op := range open {
		if op.Outcome != history.Info {
			done = false
		}
		if !mayBeNext(open, op, before) {
			continue
		}
		next, ok := apply(op, held)
		if !ok {
			continue
		}
		rest := append(append([]history.Operation(nil), open[:i]...), open[i+1:]...)
		if extend(rest, next, before) {
			return true
		}
	}
	return done // what is pending may never take effect
}

// mayBeNext reports whether no other open operation that returned comes before op.
func mayBeNext(open []history.Operation, op history.Operation, before func(a, b history.Operation) bool) bool {
	for _, other := range open {
		if other.Outcome != history.Info && before(other, op) {
			return false
		}
	}
	return true
}

// apply is the register, by its description.
func apply(op history.Operation, held history.Value) (next history.Value, ok bool) {
	switch op.F {
	case "read":
		return held, op.Output.Equal(held)
	case "write":
		return op.Input, true
	}
	pair, _ := op.Input.List()
	equal := held.Equal(pair[0])
	switch op.Outcome {
	case history.OK:
		return pair[1], equal
	case history.Fail:
		found := op.Output.Kind() == history.None || op.Output.Equal(held)
		return held, !equal && found
	}
	if equal {
		return pair[1], true
	}
	return held, true
}
