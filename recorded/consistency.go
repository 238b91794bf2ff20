package recorded

import (
	"context"
	"fmt"
	"time"

	"faultline/checker"
	"faultline/checker/catalog"
	"faultline/checker/ladder"
	"faultline/checker/linear"
	"faultline/history"
)

// consistencyJudge decides the consistency models that were asked for, over all keys and sessions at once.
type consistencyJudge struct {
	whole
	options *Options
	results []ladder.Result
}

// settledAfter is how long replicas of a recorded history get to agree after the last fault and the last write.
const settledAfter = time.Second

func (j *consistencyJudge) finish(_ context.Context, pending []history.Operation) checker.Part {
	ops, check := j.operations(pending), j.options.Check
	j.results = ladder.Check(ops, j.options.ConsistencyModels, ladder.Options{Timeout: check.Timeout, Done: check.Done, Memory: check.Memory,
		Initial: check.Initial, Staleness: j.options.Staleness, Settled: ladder.Settled(j.faults, ops, settledAfter)})
	return ladder.Verdict(j.results, len(ops))
}

// onlyRegisters refuses operations of which consistency models are not decided.
func onlyRegisters(e catalog.Entry) error {
	if e.Name != linear.Register().Name() && e.Name != linear.CASRegister().Name() {
		return fmt.Errorf("the operations are those of a %s; consistency models are decided for registers", e.Name)
	}
	return nil
}
