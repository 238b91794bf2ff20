package checker

import "faultline/history"

// bruteForce decides from the definition whether operations on one register are linearizable: it
// tries every order of every set of operations that holds all that returned and any that are pending.
// It shares nothing with the code it is the measure of.
func bruteForce(ops []history.Operation) bool {
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
	return extend(open, history.NilValue())
}

// extend reports whether the open operations can follow, in some order, on a register that holds a value.
func extend(open []history.Operation, held history.Value) bool {
	done := true
	for i, op := range open {
		if op.Outcome != history.Info {
			done = false
		}
		if !mayBeNext(open, op) {
			continue
		}
		next, ok := apply(op, held)
		if !ok {
			continue
		}
		rest := append(append([]history.Operation(nil), open[:i]...), open[i+1:]...)
		if extend(rest, next) {
			return true
		}
	}
	return done // what is pending may never take effect
}

// mayBeNext reports whether no other open operation returned before op was invoked.
func mayBeNext(open []history.Operation, op history.Operation) bool {
	for _, other := range open {
		if other.Outcome != history.Info && other.Returned < op.Invoked {
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
