package trial

import (
	"context"
	"fmt"
	"runtime/debug"
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
	ops, err := history.Operations(r.History.Events)
	if err != nil { // a bug in the tool; the history is kept to look for it
		return checker.Conclude(checker.Part{Name: checker.HistoryPart,
			Reason: fmt.Sprintf("the world recorded a history that breaks the rules: %v", err)}), stats.Statistics{}, nil
	}
	checkers, err := checkersOf(in.Spec)
	if err != nil {
		return checker.Verdict{}, stats.Statistics{}, err
	}
	input := checker.Input{Events: r.History.Events, Operations: ops, Report: &r.Report, TimeLimit: in.Spec.TimeLimit,
		Faulty: wantsFaults(in.Schedule), Ending: r.Ending}
	var parts []checker.Part
	for _, c := range checkers {
		parts = append(parts, ask(ctx, c, input, o))
	}
	cause.Fill(input, parts)
	v := checker.Conclude(parts...)
	if err := ctx.Err(); err != nil && v.Validity == checker.Unknown { // perhaps only because the check was cut short
		return checker.Verdict{}, stats.Statistics{}, err
	}
	return v, system.Measure(input), nil
}

// ask has a checker answer. One that panics has no answer, which must not cost those of the others.
func ask(ctx context.Context, c checker.Checker, in checker.Input, o checker.Options) (p checker.Part) {
	defer func() {
		if err := recover(); err != nil {
			p = checker.Part{Name: c.Name(), Reason: fmt.Sprintf("the checker %s panicked: %v\n%s", c.Name(), err, debug.Stack())}
		}
	}()
	return c.Check(ctx, in, o)
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
