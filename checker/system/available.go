package system

import (
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/history"
)

// Available asks whether clients never went without an acknowledged operation for longer than is allowed. It is asked only by
// users who know the faults: some leave no node that could serve.
func Available(allowed time.Duration) checker.Checker {
	return question{checker.AvailablePart, func(in checker.Input) checker.Part {
		from, to := longestOutage(in.Operations, in.TimeLimit)
		if to-from <= allowed {
			return valid("clients were served as steadily as was asked")
		}
		return unlessRefused(in, violation(from+allowed, fmt.Sprintf("unavailable: no operation was acknowledged from %.3fs to %.3fs, and %v is the most that was allowed",
			from.Seconds(), to.Seconds(), allowed)))
	}}
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
