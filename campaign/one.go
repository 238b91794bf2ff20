package campaign

import (
	"context"
	"fmt"
	"time"

	"faultline/campaign/trial"
	"faultline/results"
)

// one runs and judges one seed, and stores it if it is to be kept.
func (c *Campaign) one(ctx context.Context, seed uint64) (results.Line, error) {
	spec := c.plan.Spec
	spec.Seed = seed
	in, err := trial.Draw(spec, c.plan.Schedule)
	if err != nil {
		return results.Line{}, err
	}
	in.Trace = c.options.Trace
	started := time.Now()
	run, err := c.pool.Runner.Run(ctx, in)
	if err != nil {
		return results.Line{}, err
	}
	line := results.Line{Seed: seed, Verdict: run.Verdict.Validity, Rule: run.Verdict.Kind(), Reason: run.Verdict.Reason, Digest: run.Digest,
		Replay: run.History.Header.Replay, Virtual: run.Ending.Virtual, Wall: time.Since(started),
		Statistics: run.Statistics, Counters: run.Counters, Coverage: run.Coverage(), Opinion: run.Verdict.Opinion()}
	line.Statistics.Pack() // a campaign may have thousands of lines
	if c.keep(line) {
		run.Run.Replay = c.command(seed)
		if line.Dir, err = c.dir.WriteRun(&run.Run); err != nil {
			return results.Line{}, fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	return line, nil
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
