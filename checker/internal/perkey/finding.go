package perkey

import (
	"fmt"
	"strings"
	"time"

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
	f := o.Found("unknown", why, shown...)
	f.Validity = checker.Unknown
	return f
}

// Unreadable is the finding that an operation cannot be read, which leaves the object unknown.
func (o *Object) Unreadable(op *history.Operation, why string) checker.Finding {
	return o.Undecided(fmt.Sprintf("%s at %s cannot be read: %s", Who(op), Moment(op.Invoke), why), op)
}

// Who names an operation: "process 7's read".
func Who(op *history.Operation) string { return fmt.Sprintf("process %d's %s", op.Process, op.F) }

// Moment is a time of the test.
func Moment(at time.Duration) string { return fmt.Sprintf("%.1f s", at.Seconds()) }

// Short is a value, cut off where it is long.
func Short(v history.Value) string { return wording.Line(v.String(), longest) }

// Some lists the first of some values: "1, 2, 3, 4, 5 and 7 more".
func Some(values []history.Value) string {
	var shown []string
	for _, v := range values[:min(len(values), most)] {
		shown = append(shown, Short(v))
	}
	switch more := len(values) - len(shown); {
	case more > 0:
		return fmt.Sprintf("%s and %s more", strings.Join(shown, ", "), wording.Grouped(more))
	case len(shown) > 1:
		return strings.Join(shown[:len(shown)-1], ", ") + " and " + shown[len(shown)-1]
	default:
		return shown[0]
	}
}
