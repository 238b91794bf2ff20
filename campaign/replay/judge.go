package replay

import (
	"context"
	"errors"
	"fmt"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/world"
)

// ErrNotJudgeable means that not all that a verdict is made of was stored with a run.
var ErrNotJudgeable = errors.New("the run cannot be judged again, as an earlier version did not store how it ended; run its seed again")

// Judge comes to a verdict about the run once more, by nothing but its files. Of a world that crashed nothing is known but that.
func (s *Run) Judge(ctx context.Context, o checker.Options) (checker.Verdict, error) {
	switch {
	case crashed(s.Stored.History):
		return s.Stored.Verdict, nil
	case s.Stored.Ending.Virtual == 0:
		return checker.Verdict{}, fmt.Errorf("%s: %w", s.Dir, ErrNotJudgeable)
	}
	r := &world.Result{History: s.Stored.History, Report: s.Stored.Report, Ending: s.Stored.Ending}
	v, _, err := trial.Judge(ctx, s.Input, r, o)
	return v, err
}
