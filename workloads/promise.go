package workloads

import (
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/checker/linear"
	"faultline/history"
)

// promise is what the registers of a workload promise: to be linearizable, or but for reads that may be so stale, or to keep
// some consistency models instead.
type promise struct {
	stale   time.Duration
	models  []string
	settled time.Duration
}

func promised(o Options) promise { return promise{o.Staleness, o.ConsistencyModels, o.Settled} }

func (p promise) check(ops []history.Operation, o checker.Options) (checker.Part, []linear.Counterexample) {
	switch {
	case len(p.models) > 0:
		results := ladder.Check(ops, p.models, ladder.Options{Timeout: o.Timeout, Memory: o.Memory, Staleness: p.stale, Settled: p.settled, Done: o.Done})
		return ladder.Verdict(results, len(ops)), nil
	case p.stale > 0:
		return linear.Bounded(linear.CASRegister(), ops, p.stale, o)
	default:
		return linear.Linearizable(linear.CASRegister(), ops, o)
	}
}
