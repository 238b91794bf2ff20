package workloads

import (
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/checker/linear"
)

// promise is what the registers of a workload promise: to be linearizable, to be so except for reads that may be so old, or to keep
// some consistency models instead.
type promise struct {
	stale  time.Duration
	models []string
}

func promised(o Options) promise { return promise{o.Staleness, o.ConsistencyModels} }

func (p promise) checkers() []checker.Checker {
	switch {
	case len(p.models) > 0:
		return []checker.Checker{ladder.Checker(p.models, p.stale)}
	case p.stale > 0:
		return []checker.Checker{linear.BoundedChecker(linear.CASRegister(), p.stale)}
	default:
		return []checker.Checker{linear.Checker(linear.CASRegister())}
	}
}
