package replay

import (
	"context"
	"errors"
	"fmt"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/world"
)

// ErrNotJudgeable means that not all that a verdict is made of is stored with a run.
var ErrNotJudgeable = errors.New("the run cannot be judged again")

// Judge comes to a verdict about the run once more, by nothing but its files. Of a world that crashed nothing is known but that.
func (s *Run) Judge(ctx context.Context, o checker.Options) (checker.Verdict, error) {
	switch {
	case crashed(s.Stored.History):
		return s.Stored.Verdict, nil
	case s.Stored.Ending.Virtual == 0:
		return checker.Verdict{}, s.notJudgeable()
	}
	r := &world.Result{History: s.Stored.History, Report: s.Stored.Report, Ending: s.Stored.Ending}
	v, _, err := trial.Judge(ctx, s.Input, r, o)
	return v, err
}

// notJudgeable says why it is not known how the run ended, and what can be done.
func (s *Run) notJudgeable() error {
	why := "report.json is missing"
	if !s.Stored.Reports {
		why = "an earlier version did not store how it ended"
	}
	again := "run its seed again"
	if s.Stored.Replay != "" {
		again += ": " + s.Stored.Replay
	}
	return fmt.Errorf("%w: %s; %s", ErrNotJudgeable, why, again)
}
