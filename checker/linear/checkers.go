package linear

import (
	"context"
	"time"

	"faultline/checker"
	"faultline/checker/opinion"
)

// Checker asks whether what clients saw is linearizable, and porcupine for a second opinion.
func Checker(m Model) checker.Checker { return linearizable{m} }

type linearizable struct{ model Model }

func (linearizable) Name() string { return checker.LinearizablePart }

func (l linearizable) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	o.Done = ctx.Done()
	if !o.Initial.Given() {
		o.Initial = l.model.initial
	}
	begin := time.Now()
	part := Linearizable(l.model, in.Operations, o)
	part.Opinion = opinion.About(ctx, part, in.Operations, o, o.WithDefaults().Timeout-time.Since(begin))
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
