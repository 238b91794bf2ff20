package recorded

import (
	"context"

	"faultline/checker"
	"faultline/checker/catalog"
	"faultline/checker/linear"
	"faultline/history"
)

// judge decides a history that it is handed event by event.
type judge interface {
	// add takes an event and the operation that it completes, nil if it completes none. It keeps neither.
	add(e *history.Event, op *history.Operation)
	// finish comes to the answer. Pending are the operations that nothing completed.
	finish(ctx context.Context, pending []history.Operation) checker.Part
	// remembered is how many bytes the operations take that are kept.
	remembered() int64
	// keys are those of the operations so far.
	keys() []string
}

// newJudge returns what decides by an entry of the catalog, or by consistency models if some are asked for.
func (c *check) newJudge(e catalog.Entry, s catalog.Settings, models []string) judge {
	switch {
	case len(models) > 0 && e.Levels != nil:
		return &wholeJudge{name: e.Name, checker: e.Levels(models...), options: c.options.Check, whole: newWhole()}
	case len(models) > 0:
		return &consistencyJudge{whole: newWhole(), models: models, options: &c.options}
	case e.Checker != nil:
		return &wholeJudge{name: e.Name, checker: e.Checker(s), options: c.options.Check, whole: newWhole()}
	}
	return &streamJudge{linear.NewPass(e.Linear(), c.options.Check)}
}

// streamJudge decides whether a history is linearizable, while it is read, and asks porcupine too.
type streamJudge struct{ *linear.Pass }

func (j *streamJudge) add(e *history.Event, op *history.Operation) { j.Add(e, op) }

func (j *streamJudge) finish(ctx context.Context, pending []history.Operation) checker.Part {
	return j.End(ctx, checker.Input{}, pending)
}

func (j *streamJudge) remembered() int64 { return int64(j.Remembered()) * operationBytes }
func (j *streamJudge) keys() []string    { return j.Keys() }

// wholeJudge keeps the history and has a checker decide about all of it.
type wholeJudge struct {
	whole
	name    string
	checker checker.Checker
	options checker.Options
}

func (j *wholeJudge) finish(ctx context.Context, pending []history.Operation) checker.Part {
	part := j.checker.Check(ctx, checker.Input{Operations: j.operations(pending)}, j.options)
	if part.Model == "" {
		part.Model = j.name
	}
	return part
}
