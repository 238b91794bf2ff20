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
var ErrNotJudgeable = errors.New("the run cannot be judged again: how it ended was not stored with it")

// Judge comes to a verdict about the run once more, by nothing but its files.
func (s *Run) Judge(ctx context.Context, o checker.Options) (checker.Verdict, error) {
	if s.Stored.Ending.Virtual == 0 {
		return checker.Verdict{}, fmt.Errorf("%s: %w", s.Dir, ErrNotJudgeable)
	}
	r := &world.Result{History: s.Stored.History, Report: s.Stored.Report, Ending: s.Stored.Ending}
	v, _, err := trial.Judge(ctx, s.Input, r, o)
	return v, err
}
