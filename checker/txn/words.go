package txn

import (
	"cmp"
	"fmt"
	"strings"

	"faultline/checker/txn/internal/record"
	"faultline/history"
	"faultline/internal/wording"
)

// Keys and values stay short in sentences, and the end of a list is what matters of it.
const (
	longestValue = 24
	longestText  = 96
	lastElements = 4
)

// shown is a key or a value in a sentence: a keyword goes without its colon, null is nothing at all.
func shown(v history.Value) string {
	return wording.Line(cmp.Or(v.Word(), v.Shown()), longestValue)
}

// listed is a list in a sentence: [… 7 8 9].
func listed(v history.Value) string {
	n := v.Len()
	var words []string
	if n > lastElements {
		words = append(words, "…")
	}
	for i := max(0, n-lastElements); i < n; i++ {
		words = append(words, shown(v.At(i)))
	}
	return "[" + strings.Join(words, " ") + "]"
}

// value is what a read found: a list, a register's value.
func (a *analysis) value(v history.Value) string {
	if a.record.Model == record.ListAppend && (v.Kind() == history.List || v.Kind() == history.Pair || v.Kind() == history.Nil) {
		return listed(v)
	}
	return shown(v)
}

// transaction is one as a line: r x → [1 2], append y 3.
func (a *analysis) transaction(t int32) string {
	op := &a.ops[t]
	steps := op.Input
	if op.Outcome == history.OK && op.Output.Kind() != history.None {
		steps = op.Output
	}
	var words []string
	for step := range steps.Elements {
		words = append(words, a.stepText(step, op.Outcome == history.OK))
	}
	text := wording.Line(strings.Join(words, ", "), longestText)
	switch op.Outcome {
	case history.Fail:
		return text + " (fail)"
	case history.Info:
		return text + " (info)"
	default:
		return text
	}
}

// stepText is a step of a transaction in a few words. What a read finds is known of one that is ok.
func (a *analysis) stepText(step history.Value, ok bool) string {
	if k := step.Kind(); k != history.List || step.Len() != 3 {
		return shown(step)
	}
	name, key, value := step.At(0).Word(), step.At(1), step.At(2)
	text := name + " " + shown(key)
	switch {
	case name != "r" && name != "scan":
		return text + " " + shown(value)
	case !ok:
		return text
	default:
		return text + " → " + a.value(value)
	}
}

// key is the name of a step's key.
func (a *analysis) key(step int32) string { return shown(a.record.Keys.Name(a.record.Steps.Key[step])) }

// element is what a step wrote, or read of a register.
func (a *analysis) element(step int32) string {
	return shown(a.record.Keys.Value(a.record.Steps.Key[step], a.record.Steps.Value[step]))
}

// wrote is what a step did: "appended 5 to x", "set x to 5".
func (a *analysis) wrote(step int32) string {
	if a.record.Model == record.ListAppend {
		return fmt.Sprintf("appended %s to %s", a.element(step), a.key(step))
	}
	return fmt.Sprintf("set %s to %s", a.key(step), a.element(step))
}

// read is what a step read of a key: "read x = [1 2]", "scanned users and found no user7".
func (a *analysis) read(step int32, key history.Value) string {
	switch a.record.Steps.Kind[step] {
	case record.Scan:
		return fmt.Sprintf("scanned %s and found no %s", a.record.Keys.Prefixes[a.record.Steps.Key[step]], shown(key))
	case record.Scanned:
		return fmt.Sprintf("scanned and found %s = %s", shown(key), a.found(step))
	default:
		return fmt.Sprintf("read %s = %s", shown(key), a.found(step))
	}
}

// found is what a read found.
func (a *analysis) found(step int32) string {
	if a.record.Model == record.RWRegister {
		return a.element(step)
	}
	return listed(a.list(step))
}

// list is what a step read of a list.
func (a *analysis) list(step int32) history.Value {
	key := a.record.Steps.Key[step]
	elements := a.record.ListOf(step)
	values := make([]history.Value, len(elements))
	for i, e := range elements {
		values[i] = a.record.Keys.Value(key, e)
	}
	return history.ListValue(values...)
}
