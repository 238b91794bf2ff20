package linear

import (
	"context"
	"time"

	"faultline/checker"
	"faultline/checker/opinion"
	"faultline/history"
)

// Checker asks whether what clients saw is linearizable, and porcupine for a second opinion. Of registers it forgets what it has decided.
func Checker(m Model) checker.Checker {
	if m.registers {
		return streaming{linearizable{m}}
	}
	return linearizable{m}
}

type linearizable struct{ model Model }

func (linearizable) Name() string { return checker.LinearizablePart }

func (l linearizable) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	o = l.model.beginningBy(o)
	o.Done = ctx.Done()
	begin := time.Now()
	part := Linearizable(l.model, in.Operations, o)
	part.Opinion = opinion.About(ctx, part, in.Operations, o, o.WithDefaults().Timeout-time.Since(begin))
	return part
}

// beginningBy are options by which objects hold at first what the model says, unless they say what.
func (m Model) beginningBy(o checker.Options) checker.Options {
	if !o.Initial.Given() {
		o.Initial = m.initial
	}
	return o
}

type streaming struct{ linearizable }

// operationsOfARun is how many operations of a run are remembered, where that is less than the bound on memory allows: twenty minutes at the default
// rate. A run that is shorter is decided as a whole.
const operationsOfARun = 1 << 18

func (s streaming) Begin(ctx context.Context, o checker.Options) checker.Pass {
	o.Done = ctx.Done()
	p := NewPass(s.model, o)
	p.limit = min(p.limit, operationsOfARun)
	return p
}

// Pass is a check of a history that is handed over event by event, with porcupine's opinion of it.
type Pass struct {
	*Stream
	second *opinion.Questions
}

var _ checker.Pass = (*Pass)(nil)

// NewPass begins such a check.
func NewPass(m Model, o checker.Options) *Pass {
	o = m.beginningBy(o)
	return &Pass{NewStream(m, o), opinion.NewQuestions(m.name, o)}
}

// Add is a part of checker.Pass.
func (p *Pass) Add(e *history.Event, op *history.Operation) {
	p.Stream.Add(e, op)
	if op != nil {
		p.second.Add(op)
	}
}

// End is a part of checker.Pass.
func (p *Pass) End(ctx context.Context, _ checker.Input, pending []history.Operation) checker.Part {
	for i := range pending {
		p.second.Add(&pending[i])
	}
	part := p.Finish(pending)
	part.Opinion = p.second.Ask(ctx, part, opinion.Share(p.opts, p.left))
	return part
}

// BoundedChecker asks whether what clients saw is linearizable if reads may see the object as it was up to so much before them.
func BoundedChecker(m Model, staleness time.Duration) checker.Checker { return bounded{m, staleness} }

type bounded struct {
	model     Model
	staleness time.Duration
}

func (bounded) Name() string { return checker.StalenessPart }

func (b bounded) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	o.Done = ctx.Done()
	return Bounded(b.model, in.Operations, b.staleness, o)
}
