package shrink

import (
	"context"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/history"
)

// kind is what violations have in common that are taken for the same.
type kind struct {
	part      string // of the verdict
	explained bool   // there are operations that show it
}

// kindOf is that of the first part of a verdict that is invalid.
func kindOf(v checker.Verdict) (kind, bool) {
	for _, p := range v.Parts {
		if p.Validity == checker.Invalid {
			return kind{part: p.Name, explained: len(explanations(p)) > 0}, true
		}
	}
	return kind{}, false
}

func explanations(p checker.Part) []*checker.Explanation {
	var all []*checker.Explanation
	for _, key := range p.NotValid {
		if key.Validity == checker.Invalid && key.Explanation != nil {
			all = append(all, key.Explanation)
		}
	}
	return all
}

// outcome says whether a run fails in this way, and when.
func (k kind) outcome(run *trial.Trial) outcome {
	t := outcome{operations: run.Statistics.Operations(), digest: run.History.Digest()}
	for _, p := range run.Verdict.Parts {
		if p.Name != k.part || p.Validity != checker.Invalid {
			continue
		}
		shown := explanations(p)
		t.fails = len(shown) > 0 || !k.explained
		if p.Name == trial.InvariantsPart {
			t.invoked, t.returned = run.Broken, run.Broken
		}
		for _, e := range shown {
			if invoked, returned := ends(run.History, e); t.returned == 0 || returned < t.returned {
				t.invoked, t.returned = invoked, returned
			}
		}
	}
	if t.fails {
		t.run = run
	}
	return t
}

// ends returns when the last operation of an explanation was invoked, and when the last of them had returned that
// did so.
func ends(h *history.History, e *checker.Explanation) (invoked, returned time.Duration) {
	for _, op := range e.Operations {
		invoked = max(invoked, h.Events[op.Invoked].Time)
		if op.Returned >= 0 {
			returned = max(returned, h.Events[op.Returned].Time)
		}
	}
	return invoked, max(invoked, returned)
}

// tester tries candidates by running them.
func (k kind) tester(runner trial.Runner) tester {
	return func(ctx context.Context, c candidate) (outcome, error) {
		run, err := runner.Run(ctx, c.input())
		if err != nil {
			return outcome{}, err
		}
		return k.outcome(run), nil
	}
}

// stopped is why a world did not come to its end: that of the context if it was ended, and else the error.
func stopped(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}
