package campaign

import (
	"errors"
	"fmt"

	"faultline/checker"
	"faultline/history"
	"faultline/workloads"
	"faultline/world"
)

// judge comes to a verdict: what the workload promises, whether the run tested anything, and whether the
// cluster came back in the end. A history that breaks the rules shows a defect of ours, and is kept for
// whoever looks for it.
func (run *judged) judge(in world.Input, r *world.Result, o checker.Options) error {
	ops, err := history.Operations(r.History.Events)
	if err != nil {
		run.Verdict = checker.Conclude(checker.Part{Name: "history", Validity: checker.Unknown,
			Reason: fmt.Sprintf("the world recorded a history that breaks the rules: %v", err)})
		return nil
	}
	workload, ok := workloads.Open(in.Spec.Workload, in.Spec.Options)
	if !ok {
		return errors.New("unknown workload " + in.Spec.Workload)
	}
	promise, examples := workload.Check(ops, o)
	run.Statistics = checker.Measure(r.History.Events, ops)
	run.Verdict = checker.Conclude(promise, checker.Tested(run.Statistics, wantsFaults(in.Schedule)), recovered(r))
	run.Counterexamples = examples
	return nil
}

// recovered says whether the cluster served again after everything was healed. If it did not, the final
// reads mean nothing.
func recovered(r *world.Result) checker.Part {
	if r.Served {
		return checker.Part{Name: "recovered", Validity: checker.Valid, Reason: "the cluster served again after the faults"}
	}
	return checker.Part{Name: "recovered", Validity: checker.Unknown,
		Reason: "the cluster did not serve within a minute after everything was healed"}
}
