package recorded

import (
	"fmt"
	"slices"
	"time"

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
func (p *pass) consistency(model linear.Model, pending []history.Operation) error {
	if name := model.Name(); name != linear.Register().Name() && name != linear.CASRegister().Name() {
		return fmt.Errorf("%s: the operations are those of a %s; consistency models are decided for registers", p.result.File, name)
	}
	if _, err := model.Beginning(p.options.Check.Initial); err != nil {
		return fmt.Errorf("%s: %w", p.result.File, err)
	}
	p.whole.ops = append(p.whole.ops, pending...)
	ops := p.whole.ops
	for i := range ops {
		ops[i].F = model.Function(ops[i].F)
	}
	p.model, p.measure = &model, slices.Clone(ops)
	p.sum()
	check := p.options.Check
	p.result.Consistency = ladder.Check(ops, p.options.ConsistencyModels, ladder.Options{Timeout: check.Timeout, Done: check.Done, Memory: check.Memory,
		Initial: check.Initial, Staleness: p.options.Staleness, Settled: ladder.Settled(p.whole.faults, ops, settledAfter)})
	return p.conclude(ladder.Verdict(p.result.Consistency, len(ops)))
}
