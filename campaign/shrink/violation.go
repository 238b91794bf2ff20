package shrink

import (
	"context"
	"errors"
	"slices"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
	"faultline/history"
)

// kind is what violations have in common that are taken for the same.
type kind struct {
	part  string // of the verdict
	shown bool   // there are operations that show it
}

// kindOf is that of the first part of a verdict that is invalid.
func kindOf(v checker.Verdict) (kind, bool) {
	for _, p := range v.Parts {
		if p.Validity == checker.Invalid {
			return kind{part: p.Name, shown: slices.ContainsFunc(p.Findings, shown)}, true
		}
	}
	return kind{}, false
}

// shown says whether operations show a violation.
func shown(f checker.Finding) bool { return f.Validity == checker.Invalid && len(f.Operations) > 0 }

// outcome says whether a run fails in this way, and when.
func (k kind) outcome(run *trial.Trial) (outcome, error) {
	t := outcome{operations: run.Statistics.Operations(), digest: run.HistoryDigest()}
	h, err := run.History.History()
	if err != nil {
		return t, err
	}
	for _, p := range run.Verdict.Parts {
		if p.Name != k.part || p.Validity != checker.Invalid {
			continue
		}
		t.fails = !k.shown || slices.ContainsFunc(p.Findings, shown)
		for _, f := range p.Findings {
			if invoked, returned := ends(h, f); returned > 0 && (t.returned == 0 || returned < t.returned) {
				t.invoked, t.returned = invoked, returned
			}
		}
	}
	if t.fails {
		t.run = run
	}
	return t, nil
}

// ends returns when the last of the operations that show a violation was invoked, and when the last of them had returned that did so. What
// no operations show came to light at one moment, or it is not known when.
func ends(h *history.History, f checker.Finding) (invoked, returned time.Duration) {
	if len(f.Operations) == 0 {
		return f.At, f.At
	}
	for _, op := range f.Operations {
		invoked = max(invoked, h.Events[op.Invoked].Time)
		if op.Returned >= 0 {
			returned = max(returned, h.Events[op.Returned].Time)
		}
	}
	return invoked, max(invoked, returned)
}

// tester tries candidates by running them. One whose system cannot be tested with its seed does not fail.
func (k kind) tester(runner trial.Runner) tester {
	return func(ctx context.Context, c candidate) (outcome, error) {
		run, err := runner.Run(ctx, c.input())
		var refused *cluster.RefusedError
		switch {
		case errors.As(err, &refused):
			return outcome{}, nil
		case err != nil:
			return outcome{}, err
		}
		return k.outcome(run)
	}
}

// stopped is why a world did not come to its end: that of the context if it was ended, and else the error.
func stopped(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}
