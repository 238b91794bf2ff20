package cause

import (
	"fmt"

	"faultline/history"
)

// thinAir is the anomaly of a value that nothing wrote.
const thinAir = "thin-air read"

// refused says which operation had failed that was to write what another saw; empty if there is none.
func (r *record) refused(b answer) string {
	saw, ok := seen(b.Operation)
	if !ok {
		return ""
	}
	for i := range r.operations {
		op := &r.operations[i]
		if op.Key != b.Key || op.Outcome != history.Fail || op.Returned > b.Returned || op.F == "delete" {
			continue
		}
		if v, ok := puts(op); !ok || !v.Equal(saw) {
			continue
		}
		why := ""
		if op.Reason() != "" {
			why = fmt.Sprintf(" (%s)", op.Reason())
		}
		return fmt.Sprintf("process %d's %s of that value had failed%s, and %s%s",
			op.Process, op.F, why, b.Node(), inTurn(as(b.by), "answered"+from(b)+" with it"))
	}
	return ""
}
