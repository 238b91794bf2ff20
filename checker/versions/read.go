package versions

import (
	"fmt"

	"faultline/history"
)

// untold is the version of an operation that does not tell it.
const untold = -1

// act is an operation as a register sees it.
type act struct {
	op      *history.Operation
	version int64         // that it made or saw
	value   history.Value // that it wrote or saw; None if a read does not tell
	old     history.Value // that a cas expects; None for others
	before  int64         // the version that a cas expects; untold if it does not say
}

// changes reports whether the operation makes a version.
func (a *act) changes() bool { return a.op.F != "read" }

// read takes an operation apart; says is false if it says nothing.
func read(op *history.Operation) (a act, says bool, err error) {
	a = act{op: op, version: untold, before: untold}
	if op.Outcome == history.Fail || op.F == "read" && op.Outcome != history.OK {
		return a, false, nil
	}
	argument := op.Input
	if version, value, ok := versioned(op.Input); ok && op.F != "read" && version == untold {
		argument = value // [nil value]
	}
	if told, value, ok := versioned(op.Output); ok && op.Outcome == history.OK {
		a.version, a.value = told, value
	}
	switch op.F {
	case "read":
		if a.value.Kind() == history.Nil && a.version != 0 { // as Jepsen's clients answer where they do not tell
			a.value = history.Value{}
		}
		if a.version == untold && a.value.Kind() == history.None {
			return a, false, nil
		}
	case "write":
		a.value = argument
	case "cas":
		pair, ok := argument.List()
		if !ok || len(pair) != 2 {
			return a, false, malformed(op, fmt.Errorf("its argument %v is not a pair of what is expected and what is new", op.Input))
		}
		a.old, a.value = pair[0], pair[1]
		if version, value, ok := inMap(pair[0]); ok {
			a.old, a.before = value, version
		}
	default:
		return a, false, malformed(op, fmt.Errorf("there are read, write and cas only"))
	}
	if op.Outcome == history.OK && a.version == untold {
		return a, false, malformed(op, fmt.Errorf("it is ok and does not tell its version"))
	}
	return a, true, nil
}

func malformed(op *history.Operation, err error) error {
	return fmt.Errorf("process %d's %s at %v cannot be read: %w", op.Process, op.F, op.Invoke, err)
}

// versioned reads [version value] or a map; the version is untold if it is null.
func versioned(v history.Value) (version int64, value history.Value, ok bool) {
	if version, value, ok = inMap(v); ok {
		return version, value, true
	}
	pair, ok := v.List()
	if !ok || len(pair) != 2 {
		return untold, value, false
	}
	version, ok = versionIn(pair[0])
	return version, pair[1], ok
}

// versionIn reads a version; it is untold if it is null.
func versionIn(v history.Value) (version int64, ok bool) {
	if v.Kind() == history.Nil {
		return untold, true
	}
	n, isInteger := v.Int()
	if !isInteger || n < 0 {
		return untold, false
	}
	return n, true
}

// inMap reads a map with a value and a version.
func inMap(v history.Value) (version int64, value history.Value, ok bool) {
	entries, _ := v.Map()
	version, value = untold, history.NilValue()
	for _, e := range entries {
		switch e[0].Word() {
		case "version":
			version, ok = versionIn(e[1])
		case "value":
			value = e[1]
		}
	}
	return version, value, ok
}
