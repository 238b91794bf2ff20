package visibility

import (
	"cmp"
	"fmt"

	"faultline/history"
)

// step is a part of a transaction, in Jepsen's and in our own form.
type step struct {
	write    bool
	register string
	value    history.Value
	seen     bool // a read found something
}

// decode takes an operation apart and appends its steps: by its answer if it is ok, which tells what was read.
func decode(op *history.Operation, steps []step) ([]step, error) {
	v := op.Input
	if op.Outcome == history.OK && op.Output.Kind() != history.None {
		v = op.Output
	}
	if k := v.Kind(); k != history.List && k != history.Pair {
		return nil, fmt.Errorf("process %d's %s at %v has %v in place of a list of steps", op.Process, op.F, op.Invoke, v)
	}
	for e := range v.Elements {
		var parts [3]history.Value
		n := 0
		for part := range e.Elements {
			if n < len(parts) {
				parts[n] = part
			}
			n++
		}
		name := parts[0].Word()
		if n != len(parts) || name != "r" && name != "w" {
			return nil, fmt.Errorf(`process %d's %s at %v has the step %v, and a step is ["r",register,value] or ["w",register,value]`, op.Process, op.F, op.Invoke, e)
		}
		steps = append(steps, step{write: name == "w", register: nameOf(parts[1]), value: parts[2], seen: parts[2].Kind() != history.Nil})
	}
	return steps, nil
}

// nameOf is a text or a keyword by what it says, and anything else as JSON.
func nameOf(v history.Value) string { return cmp.Or(v.Word(), v.String()) }
