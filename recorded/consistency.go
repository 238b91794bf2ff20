package recorded

import (
	"context"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/history"
)

// consistencyJudge decides the consistency models that were asked for, over all keys and sessions at once.
type consistencyJudge struct {
	whole
	models  []string
	options *Options
	results []ladder.Result
}

// settledAfter is how long replicas of a recorded history get to agree after the last fault and the last write.
const settledAfter = time.Second

func (j *consistencyJudge) finish(_ context.Context, pending []history.Operation) checker.Part {
	ops, check := j.operations(pending), j.options.Check
	j.results = ladder.Check(ops, j.models, ladder.Options{Timeout: check.Timeout, Done: check.Done, Memory: check.Memory,
		Initial: check.Initial, Staleness: j.options.Staleness, Settled: ladder.Settled(j.faults, ops, settledAfter)})
	return ladder.Verdict(j.results, len(ops))
}
