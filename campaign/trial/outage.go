package trial

import (
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/world"
)

// available says whether clients were served as steadily as was asked. It is asked by whoever knows the faults: some
// leave nobody who could serve.
func available(s world.Spec, ops []history.Operation) checker.Part {
	p := checker.Part{Name: "available", Validity: checker.Valid, Reason: "clients were served as steadily as was asked"}
	if from, to := longestOutage(ops, s.TimeLimit); to-from > s.MaxOutage {
		p.Validity = checker.Invalid
		p.Reason = fmt.Sprintf("unavailable: no operation was acknowledged from %.3fs to %.3fs, and %v is the most that was allowed",
			from.Seconds(), to.Seconds(), s.MaxOutage)
	}
	return p
}

// longestOutage is the longest time without an acknowledgement, of those that begin before the faults are healed.
func longestOutage(ops []history.Operation, limit time.Duration) (from, to time.Duration) {
	var served []time.Duration
	for _, o := range ops {
		if o.Outcome == history.OK {
			served = append(served, o.Return)
		}
	}
	slices.Sort(served)
	last := time.Duration(0)
	for _, at := range append(served, limit) {
		if last < limit && at-last > to-from {
			from, to = last, at
		}
		last = at
	}
	return from, to
}
