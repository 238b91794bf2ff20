package campaign

import (
	"context"
	"fmt"

	"faultline/campaign/trial"
	"faultline/results"
)

// finished is a run that has ended.
type finished struct {
	line   results.Line
	stored func() // see trial.Summary; it may be nil
}

// one runs and judges one seed, and stores it if it is to be kept.
func (c *Campaign) one(ctx context.Context, seed uint64) (finished, error) {
	spec := c.plan.Spec
	spec.Seed = seed
	in, err := trial.Draw(spec, c.plan.Schedule)
	if err != nil {
		return finished{}, err
	}
	in.Trace = c.options.Trace
	s, err := trial.Summarize(ctx, c.pool.Runner, trial.Task{Input: in, Keep: c.wanted(seed)})
	if err != nil {
		return finished{}, err
	}
	if s.Run != nil && c.keep(s.Line) {
		s.Run.Replay = c.command(seed)
		if s.Line.Dir, err = c.dir.WriteRun(s.Run); err != nil {
			return finished{}, fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	return finished{s.Line, s.Stored}, nil
}

// command is the one that repeats a run; empty if it is not known.
func (c *Campaign) command(seed uint64) string {
	if c.options.Command == nil {
		return ""
	}
	spec := c.plan.Spec
	spec.Seed = seed
	return c.options.Command(spec, c.plan.ScheduleFile)
}
