package linear

import (
	"fmt"
	"maps"
	"slices"

	"faultline/history"
)

// Guess finds the model whose functions the operations use, and says how it knows. It refuses where
// more than one model would do.
func Guess(ops []history.Operation) (m Model, why string, err error) {
	used := map[string]bool{}
	several := false // registers in one operation
	for i := range ops {
		used[ops[i].F] = true
		several = several || severalRegisters(ops[i].Input) || severalRegisters(ops[i].Output)
	}
	functions := slices.Sorted(maps.Keys(used))
	if len(functions) == 0 {
		return m, "", fmt.Errorf("there is no operation to guess a model from")
	}
	var candidates []Model
	for _, c := range Models() {
		knows := !slices.ContainsFunc(functions, func(f string) bool { return !slices.Contains(c.functions, f) })
		if knows && c.fits(used, several, ops) {
			candidates = append(candidates, c)
		}
	}
	var names []string
	for _, c := range candidates {
		names = append(names, c.name)
	}
	switch quoted := listed(functions, "and"); len(candidates) {
	case 1:
		return candidates[0], fmt.Sprintf("its operations are %s", quoted), nil
	case 0:
		return m, "", fmt.Errorf("no model has the operations %s; say which one is meant", quoted)
	default:
		return m, "", fmt.Errorf("the operations are %s, which may be those of a %s; say which one is meant", quoted, listed(names, "or"))
	}
}

// fits rules out models whose functions are called the same, by what they are used with.
func (m Model) fits(used map[string]bool, several bool, ops []history.Operation) bool {
	lists := func(f string) bool { // f returns lists, if it returns anything
		for i := range ops {
			if ops[i].F == f && ops[i].Outcome == history.OK && ops[i].Output.Kind() != history.Nil {
				_, ok := ops[i].Output.List()
				_, set := ops[i].Output.Set()
				return ok || set
			}
		}
		return false
	}
	switch m.name {
	case "register": // a cas-register without cas is the same
		return !several && used["write"]
	case "cas-register":
		return !several && (used["cas"] || used["delete"] || !used["write"] && !lists("read"))
	case "multi-register":
		return several
	case "set":
		return used["add"] && (!used["read"] || lists("read"))
	case "counter":
		return used["inc"] || used["dec"] || used["add"] && !lists("read")
	case "kv":
		return !used["append"] || used["get"] || used["put"]
	default:
		return true
	}
}

// severalRegisters reports whether a value is a map or a list of steps.
func severalRegisters(v history.Value) bool {
	if _, ok := v.Map(); ok {
		return true
	}
	list, ok := v.List()
	if !ok || len(list) == 0 {
		return false
	}
	step, _ := list[0].List()
	return len(step) == 3 && word(step[0]) != ""
}
