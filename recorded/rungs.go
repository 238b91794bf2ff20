package recorded

import (
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/checker/linear"
	"faultline/history"
)

// rungs is what the models of package ladder are asked about: all operations, and the faults. It is kept in memory, as sessions
// and keys hang together.
type rungs struct {
	ops    []history.Operation
	faults []history.Event
}

func (r *rungs) add(e *history.Event, op *history.Operation) {
	if e.Process == history.Nemesis {
		r.faults = append(r.faults, *e)
	}
	if op != nil {
		r.ops = append(r.ops, *op)
	}
}

// settledAfter is how long replicas of a recorded history get to agree after the last fault and the last write.
const settledAfter = time.Second

// climb decides the models that were asked for.
func (c *check) climb(pending []history.Operation) error {
	ops := append(c.rungs.ops, pending...)
	model, why, err := linear.Guess(ops)
	if err == nil && model.Name() != linear.Register().Name() && model.Name() != linear.CASRegister().Name() {
		err = fmt.Errorf("the operations are those of a %s; consistency models are decided for registers", model.Name())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.result.File, err)
	}
	c.measure = slices.Clone(ops)
	c.sum()
	r := c.result
	r.Consistency = ladder.Check(ops, c.options.ConsistencyModels, ladder.Options{Timeout: c.options.Check.Timeout, Memory: c.options.Check.Memory,
		Staleness: c.options.Staleness, Settled: ladder.Settled(c.rungs.faults, ops, settledAfter)})
	part := ladder.Verdict(r.Consistency, len(ops))
	if len(ops) == 0 {
		part.Validity, part.Reason = checker.Unknown, "there is no operation to check"
	}
	r.Model, r.Guessed, r.Verdict = model.Name(), why, checker.Conclude(part)
	r.Format, r.Tuples, r.Functions, r.Timed = c.source.Format().String(), c.source.Tuples(), c.stats.Functions, c.source.Timed()
	return nil
}
