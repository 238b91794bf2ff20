package checker

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/history"
	"faultline/internal/wording"
)

// Show adds the operations that show a finding, and a picture of them. A checker of one's own calls it.
func (f *Finding) Show(ops ...history.Operation) {
	slices.SortFunc(ops, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	var intervals []Interval
	for i := range ops {
		op := &ops[i]
		o := Involved{Process: int(op.Process), Text: describe(op), Invoked: int(op.Invoked), Returned: int(op.Returned)}
		if op.Outcome == history.Info {
			o.Returned = -1
		}
		f.Operations = append(f.Operations, o)
		intervals = append(intervals, Interval{Label: fmt.Sprintf("process %d  %s", o.Process, o.Text),
			Invoked: op.Invoked, Returned: op.Returned, UntilEver: op.Outcome == history.Info})
	}
	f.Picture = Picture(intervals)
}

// describe is an operation in a few words, whatever it means: "acquire a 7 → 12", "release a: not-holder".
func describe(op *history.Operation) string {
	text := op.F
	if op.Key != "" {
		text += " " + clip(op.Key)
	}
	if op.Input.Kind() > history.Nil { // what Jepsen invokes without an argument has null
		text += " " + clip(op.Input.Shown())
	}
	switch {
	case op.Outcome == history.Info:
		return text + " (info)"
	case op.Outcome == history.Fail:
		return text + ": " + cmp.Or(op.Reason(), "failed")
	case Answered(op):
		return text + " → " + clip(op.Output.Shown())
	}
	return text
}

// clip makes text fit in a line on a terminal.
func clip(text string) string {
	const longest = 60
	return wording.Line(text, longest)
}
