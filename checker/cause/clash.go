package cause

import "faultline/history"

// clash is a pair of operations of which the later does not go with the earlier: it began after that had returned, and yet it was
// answered from an earlier index, or did not see what had been there.
type clash struct{ earlier, later answer }

// back reports whether the later operation was answered from an earlier index.
func (c clash) back() bool { return c.later.LogIndex > 0 && c.later.LogIndex < c.earlier.LogIndex }

// wentBack finds the pair, on one key or of one process, between which the indices go back the furthest.
func wentBack(answers []answer) (worst clash, found bool) {
	for _, b := range answers {
		for _, a := range answers {
			c := clash{a, b}
			if a.Returned >= b.Invoked || !c.back() || a.Key != b.Key && a.Process != b.Process {
				continue
			}
			if !found || a.LogIndex-b.LogIndex > worst.earlier.LogIndex-worst.later.LogIndex {
				worst, found = c, true
			}
		}
	}
	return worst, found
}

// misses are the anomalies of which the last operation should have seen another one.
var misses = map[string]bool{"stale read": true, "NonMonotonicRead": true, "MissedOwnWrite": true, "WriteCOInitRead": true, "WriteHBInitRead": true}

// unseen finds what the last operation of such an anomaly should have seen: the newest that was certainly there before it, and is not
// what it saw.
func unseen(answers []answer) (c clash, found bool) {
	if len(answers) == 0 {
		return clash{}, false
	}
	c.later = answers[len(answers)-1]
	saw, ok := seen(c.later.Operation)
	if !ok {
		return clash{}, false
	}
	for _, a := range answers {
		left, ok := leaves(a.Operation)
		if !ok || a.Key != c.later.Key || a.Returned >= c.later.Invoked || left.Equal(saw) {
			continue
		}
		if !found || a.Returned > c.earlier.Returned {
			c.earlier, found = a, true
		}
	}
	return c, found
}

// seen is the value that an operation found in a register.
func seen(op *history.Operation) (history.Value, bool) {
	switch {
	case op.F == "read" && op.Outcome == history.OK, op.F == "cas" && op.Outcome == history.Fail && op.Output.Kind() != history.None:
		return op.Output, true
	case op.F == "cas" && op.Outcome == history.OK:
		return half(op, 0)
	}
	return history.Value{}, false
}

// leaves is the value that a register certainly held behind an operation.
func leaves(op *history.Operation) (history.Value, bool) {
	if v, ok := puts(op); ok && op.Outcome == history.OK {
		return v, true
	}
	return seen(op)
}

// puts is the value that a register holds behind an operation if it takes effect.
func puts(op *history.Operation) (history.Value, bool) {
	switch op.F {
	case "write":
		return op.Input, true
	case "cas":
		return half(op, 1)
	case "delete":
		return history.NilValue(), true
	}
	return history.Value{}, false
}

// half is one of the two values of a cas.
func half(op *history.Operation, i int) (history.Value, bool) {
	pair, ok := op.Input.List()
	if !ok || len(pair) != 2 {
		return history.Value{}, false
	}
	return pair[i], true
}

// changes reports whether an operation was acknowledged that puts something into the log of most systems.
func changes(op *history.Operation) bool {
	return op.Outcome == history.OK && (op.F == "write" || op.F == "cas" || op.F == "delete")
}
