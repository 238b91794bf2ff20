package trial

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"faultline/checker"
	"faultline/checker/system"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/stats"
	"faultline/workloads"
	"faultline/world"
)

// judge comes to a verdict: what the workload promises, whether the run tested anything, and whether the
// cluster came back in the end. A history that breaks the rules shows a defect of ours, and is kept for
// whoever looks for it.
func (run *Trial) judge(in world.Input, r *world.Result, o checker.Options) error {
	ops, err := history.Operations(r.History.Events)
	if err != nil {
		run.Verdict = checker.Conclude(checker.Part{Name: "history", Validity: checker.Unknown,
			Reason: fmt.Sprintf("the world recorded a history that breaks the rules: %v", err)})
		return nil
	}
	options := in.Spec.Options
	options.Settled = r.Settled
	workload, ok := workloads.Open(in.Spec.Workload, options)
	if !ok {
		return errors.New("unknown workload " + in.Spec.Workload)
	}
	promise, examples := workload.Check(ops, o)
	run.Statistics = stats.Measure(r.History.Events, ops, withoutQuorum(r))
	parts := []checker.Part{promise, invariants(r.Report.Violations), system.Tested(run.Statistics, WantsFaults(in.Schedule)), recovered(r), caughtUp(r)}
	if in.Spec.MaxOutage > 0 {
		parts = append(parts, available(in.Spec, ops))
	}
	run.Verdict = checker.Conclude(parts...)
	run.Counterexamples = examples
	if broken := r.Report.Violations; len(broken) > 0 {
		run.Broken = broken[0].Time
	}
	return nil
}

// withoutQuorum is when no node could reach a majority.
func withoutQuorum(r *world.Result) []stats.Span {
	var spans []stats.Span
	lost, since := true, time.Duration(0)
	for _, q := range append(r.Report.Quorum, report.Quorum{Time: r.Virtual, Has: true}) {
		if lost && q.Has {
			spans = append(spans, stats.Span{Begin: since, End: q.Time})
		}
		lost, since = !q.Has, q.Time
	}
	return spans
}

const InvariantsPart = "invariants"

// invariants says whether the cluster kept its own rules, which clients may be too few or too late to see broken.
func invariants(broken []report.Violation) checker.Part {
	p := checker.Part{Name: InvariantsPart, Validity: checker.Valid, Reason: "elections, logs and state machines agree"}
	if len(broken) > 0 {
		v := broken[0]
		p.Validity = checker.Invalid
		p.Reason = fmt.Sprintf("%s is broken at %.3fs: %s", v.Rule, v.Time.Seconds(), v.Text)
	}
	return p
}

// recovered says whether the cluster served again after everything was healed: it is a violation if it did not,
// as all nodes ran and heard each other for a minute.
func recovered(r *world.Result) checker.Part {
	if r.Served {
		return checker.Part{Name: "recovered", Validity: checker.Valid, Reason: "the cluster served again after the faults"}
	}
	return checker.Part{Name: "recovered", Validity: checker.Invalid,
		Reason: "never recovered: the cluster did not serve within a minute after everything was healed"}
}

// caughtUp says whether every node has what is committed: nodes that run and hear each other owe that to the next
// fault, which a majority without them may not survive.
func caughtUp(r *world.Result) checker.Part {
	p := checker.Part{Name: "caught up", Validity: checker.Valid, Reason: "every node has all that is committed"}
	if len(r.Behind) > 0 {
		p.Validity = checker.Invalid
		p.Reason = fmt.Sprintf("never caught up: %s had not applied what was committed, a minute after everything was healed",
			strings.Join(r.Behind, " and "))
	}
	return p
}
