package trial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"faultline/checker"
	"faultline/checker/cause"
	"faultline/checker/system"
	"faultline/history"
	"faultline/history/stats"
	"faultline/world"
)

// Judge comes to a verdict about a run. It is a function of what is stored of a run, so that it can be repeated.
func Judge(ctx context.Context, in world.Input, r *world.Result, o checker.Options) (checker.Verdict, stats.Statistics, error) {
	checkers, err := checkersOf(in.Spec)
	if err != nil {
		return checker.Verdict{}, stats.Statistics{}, err
	}
	input := checker.Input{Faults: r.History.Faults(), Report: &r.Report, TimeLimit: in.Spec.TimeLimit,
		Faulty: wantsFaults(in.Schedule), Ending: r.Ending}
	all := asked(ctx, checkers, o)
	pending, err := all.play(r, &input)
	if err != nil { // a bug in the tool; the history is kept to look for it
		return checker.Conclude(checker.Part{Name: checker.HistoryPart,
			Reason: fmt.Sprintf("the world recorded a history that breaks the rules: %v", err)}), stats.Statistics{}, nil
	}
	parts := all.answers(ctx, input, pending)
	if cause.Wanted(parts) && input.Operations == nil {
		if input.Operations, err = r.History.AllOperations(); err != nil {
			return checker.Verdict{}, stats.Statistics{}, err
		}
	}
	cause.Fill(input, parts)
	v := checker.Conclude(parts...)
	if err := ctx.Err(); err != nil && v.Validity == checker.Unknown { // perhaps only because the check was cut short
		return checker.Verdict{}, stats.Statistics{}, err
	}
	return v, input.Statistics, nil
}

// play plays the history once, to measure the run and to the checkers that see operations one by one. Only if there are others, all operations
// are in the input.
func (all questions) play(r *world.Result, in *checker.Input) (pending []history.Operation, err error) {
	if slices.ContainsFunc(all, (*question).whole) {
		if in.Operations, err = r.History.AllOperations(); err != nil {
			return nil, err
		}
	}
	s, meter := r.History.Stream(), system.NewMeter(r.History, &r.Report, r.Virtual)
	for {
		e, op, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if op != nil {
			meter.Add(op)
		}
		all.add(e, op)
	}
	pending = s.Pending()
	for i := range pending {
		meter.Add(&pending[i])
	}
	in.Statistics = meter.Statistics()
	return pending, nil
}

// checkersOf are the workload's, and those that every run is judged by.
func checkersOf(spec world.Spec) ([]checker.Checker, error) {
	workload, err := spec.Open()
	if err != nil {
		return nil, err
	}
	all := slices.Concat(workload.Checkers(), system.Checkers())
	if spec.MaxOutage > 0 {
		all = append(all, system.Available(spec.MaxOutage))
	}
	return all, nil
}
