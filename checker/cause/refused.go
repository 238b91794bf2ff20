package cause

import (
	"fmt"

	"faultline/history"
)

// thinAir is the anomaly of a value that nothing wrote.
const thinAir = "thin-air read"

// refused says who had refused to write the value that an operation saw; empty if nobody had.
func (r *record) refused(b answer) string {
	saw, ok := seen(b.Operation)
	if !ok {
		return ""
	}
	for i := range r.operations {
		op := &r.operations[i]
		if op.Key != b.Key || op.Outcome != history.Fail || op.Returned > b.Returned || op.Node() == "" || op.F == "delete" {
			continue
		}
		if v, ok := puts(op); !ok || !v.Equal(saw) {
			continue
		}
		why := ""
		if op.Reason() != "" {
			why = fmt.Sprintf(" (%s)", op.Reason())
		}
		return fmt.Sprintf("%s had told process %d that its %s of that value failed%s, and %s%s", op.Node(), op.Process, op.F, why,
			name(b, answer{Operation: op}), inTurn(as(b.by), "answered"+from(b)+" with it"))
	}
	return ""
}
