package opinion

import (
	"maps"

	"faultline/history"
)

// registers are what several registers hold, by their names; one that holds null is missing.
type registers map[string]string

func sameRegisters(a, b any) bool { return maps.Equal(a.(registers), b.(registers)) }

// access is one step of a transaction.
type access struct {
	register, value string
	writes          bool
}

// transaction reads an operation of a multi-register.
func transaction(op *history.Operation) (effect, bool) {
	if op.F != "read" && op.F != "write" && op.F != "txn" {
		return nil, false
	}
	if op.Outcome == history.Fail || op.Outcome == history.Info && op.F == "read" && op.Input.Kind() <= history.Nil {
		return nil, true
	}
	value := op.Output
	if op.Outcome == history.Info || value.Kind() == history.None {
		value = op.Input
	}
	accesses, ok := accessesOf(op.F, value)
	if !ok {
		return nil, false
	}
	pending := op.Outcome == history.Info
	return func(state any) (any, bool) {
		held := maps.Clone(state.(registers))
		if held == nil {
			held = registers{}
		}
		for _, a := range accesses {
			switch {
			case a.writes && a.value == null:
				delete(held, a.register)
			case a.writes:
				held[a.register] = a.value
			case !pending && held.holds(a.register) != a.value: // what a pending one read nobody knows
				return state, false
			}
		}
		return held, true
	}, true
}

func (r registers) holds(register string) string {
	if v, ok := r[register]; ok {
		return v
	}
	return null
}

// accessesOf reads a map from registers to values, or a list of steps [:r register value] and [:w register value].
func accessesOf(f string, v history.Value) (all []access, ok bool) {
	if entries, ok := v.Map(); ok && f != "txn" {
		for _, e := range entries {
			all = append(all, access{e[0].String(), e[1].String(), f == "write"})
		}
		return all, true
	}
	steps, ok := v.List()
	for _, step := range steps {
		parts, _ := step.List()
		if len(parts) != 3 {
			return nil, false
		}
		kind, _ := parts[0].Text()
		if keyword, is := parts[0].Literal(); is {
			kind = keyword[1:]
		}
		if kind != "r" && kind != "read" && kind != "w" && kind != "write" {
			return nil, false
		}
		all = append(all, access{parts[1].String(), parts[2].String(), kind[0] == 'w'})
	}
	return all, ok
}
