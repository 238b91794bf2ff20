package perkey

import (
	"fmt"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// longest bounds how much is shown of a name or a value, and most how many values are.
const (
	longest = 40
	most    = 5
)

// Found is a finding about the object, with the operations that show it, each once.
func (o *Object) Found(rule, sentence string, shown ...*history.Operation) checker.Finding {
	f := checker.Finding{Rule: rule, On: o.Name, Validity: checker.Invalid, Sentence: sentence, Total: len(o.Operations)}
	var all []history.Operation
	seen := map[int32]bool{}
	for _, op := range shown {
		if op != nil && !seen[op.Invoked] {
			seen[op.Invoked] = true
			all = append(all, *op)
		}
	}
	if len(all) > 0 {
		f.Show(all...)
	}
	return f
}

// Undecided is the finding that something is not known.
func (o *Object) Undecided(why string, shown ...*history.Operation) checker.Finding {
	f := o.Found(o.part, why, shown...)
	f.Validity = checker.Unknown
	return f
}

// Unreadable is the finding that an operation cannot be understood, which leaves the object unknown.
func (o *Object) Unreadable(op *history.Operation, why string) checker.Finding {
	at := ""
	if op.Invoke > 0 { // a history without times has 0 everywhere
		at = fmt.Sprintf(" at %.1f s", op.Invoke.Seconds())
	}
	return o.Undecided(fmt.Sprintf("%s%s cannot be judged: %s", Who(op), at, why), op)
}

// Who names an operation by its process: "process 7's read".
func Who(op *history.Operation) string { return fmt.Sprintf("process %d's %s", op.Process, op.F) }

// Doing names an operation with its argument: "process 7's add of 5".
func Doing(op *history.Operation) string { return Who(op) + " of " + Short(op.Input) }

// Short is a value, cut off where it is long.
func Short(v history.Value) string {
	text, ok := v.Literal()
	if !ok {
		text = v.String()
	}
	return wording.Line(text, longest)
}

// Some lists the first of some values: "1, 2, 3, 4, 5 and 7 more".
func Some(values []history.Value) string {
	var shown []string
	for _, v := range values[:min(len(values), most)] {
		shown = append(shown, Short(v))
	}
	if more := len(values) - len(shown); more > 0 {
		shown = append(shown, wording.Grouped(more)+" more")
	}
	return wording.List(shown, "and")
}

// More says how many cases there are besides one that was told; nothing if there is no other.
func More(count int, noun string) string {
	if count == 1 {
		return ""
	}
	return fmt.Sprintf("; and %s more like it", wording.Count(count-1, noun))
}

// Others names the values besides the first, of which something was told; nothing if there is no other.
func Others(values []history.Value) string {
	if len(values) == 1 {
		return ""
	}
	return "; the same holds for " + Some(values[1:])
}
