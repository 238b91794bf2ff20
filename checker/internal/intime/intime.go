// Package intime keeps checkers that judge a history as a whole within the bound on time.
package intime

import (
	"context"

	"faultline/checker"
	"faultline/internal/timebound"
)

// Judge runs a checker, whose part has a name, within the time that the options give it. The checker accounts for its steps to the
// clock. If it does not come to its end before the time is up or the context ends, the part is unknown.
func Judge(ctx context.Context, o checker.Options, name string, judge func(*timebound.Clock) checker.Part) (part checker.Part) {
	clock := timebound.New(o.WithDefaults().Timeout).Until(ctx.Done())
	if clock.Within(func() { part = judge(clock) }) {
		return part
	}
	const why = "there was no time to judge the history"
	return checker.Part{Name: name, Reason: why, Findings: []checker.Finding{{Rule: name, Bound: checker.TimeBound, Sentence: why}}}
}
