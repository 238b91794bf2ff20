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

// whole is a history that is kept in memory: consistency models are decided over all keys and sessions at once.
type whole struct {
	ops    []history.Operation
	faults []history.Event
}

func (h *whole) add(e *history.Event, op *history.Operation) {
	if e.Process == history.Nemesis {
		h.faults = append(h.faults, *e)
	}
	if op != nil {
		h.ops = append(h.ops, *op)
	}
}

// settledAfter is how long replicas of a recorded history get to agree after the last fault and the last write.
const settledAfter = time.Second

// consistency decides the models that were asked for.
func (c *check) consistency(pending []history.Operation) error {
	ops := append(c.whole.ops, pending...)
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
		Staleness: c.options.Staleness, Settled: ladder.Settled(c.whole.faults, ops, settledAfter)})
	part := ladder.Verdict(r.Consistency, len(ops))
	if len(ops) == 0 {
		part.Validity, part.Reason = checker.Unknown, "there is no operation to check"
	}
	r.Model, r.Guessed, r.Verdict = model.Name(), why, checker.Conclude(part)
	r.Format, r.Tuples, r.Functions, r.Timed = c.source.Format().String(), c.source.Tuples(), c.stats.Functions, c.source.Timed()
	return nil
}
