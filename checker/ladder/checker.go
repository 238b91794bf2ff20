package ladder

import (
	"context"
	"time"

	"faultline/checker"
)

// Checker asks whether what clients saw keeps all of these models, by name. The staleness is that of bounded staleness; 0 for the
// default.
func Checker(models []string, staleness time.Duration) checker.Checker {
	return consistent{models, staleness}
}

type consistent struct {
	models    []string
	staleness time.Duration
}

func (consistent) Name() string { return checker.ConsistencyPart }

func (c consistent) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	options := Options{Timeout: o.Timeout, Memory: o.Memory, Staleness: c.staleness, Settled: in.Settled, Done: ctx.Done(), Initial: o.Initial}
	return Verdict(Check(in.Operations, c.models, options), len(in.Operations))
}
