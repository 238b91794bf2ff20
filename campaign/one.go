package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/results"
	"faultline/world"
)

// one runs and judges one seed, and stores it if it is to be kept.
func (c *Campaign) one(ctx context.Context, seed uint64) (Line, error) {
	spec := c.plan.Spec
	spec.Seed = seed
	in, err := draw(spec, c.plan.Schedule)
	if err != nil {
		return Line{}, err
	}
	started := time.Now()
	run, err := execute(ctx, in, c.plan.ScheduleFile, c.options, checker.Options{Timeout: c.plan.CheckTimeout})
	if err != nil {
		return Line{}, fmt.Errorf("seed %d: %w", seed, err)
	}
	line := Line{Seed: seed, Verdict: run.Verdict.Validity, Rule: run.Verdict.Kind(), Reason: run.Verdict.Reason, Digest: run.History.Digest(),
		Replay: run.History.Header.Replay, Virtual: run.Ending.Virtual, Wall: time.Since(started),
		Statistics: run.Statistics, Counters: run.Counters,
		Coverage: coverage(run.History.Events, run.Track)}
	line.Statistics.Pack() // a campaign may have thousands of lines
	if line.Verdict != checker.Valid || seed-c.plan.Spec.Seed < uint64(c.plan.Keep) {
		if line.Dir, err = c.dir.WriteRun(&run.Run); err != nil {
			return Line{}, fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	return line, nil
}

// draw returns what a world needs to run a spec: by the schedule, or by the one that is drawn if there is none.
func draw(spec world.Spec, schedule string) (world.Input, error) {
	if schedule != "" {
		return world.Input{Spec: spec, Schedule: schedule}, nil
	}
	drawn, err := spec.Schedule()
	if err != nil {
		return world.Input{}, fmt.Errorf("seed %d: %w", spec.Seed, err)
	}
	return world.Input{Spec: spec, Schedule: drawn.String()}, nil
}

// judged is a run with its verdict.
type judged struct {
	results.Run
}

// execute runs a world and judges it. A world that crashed has the verdict unknown, and what it said in
// its dying is kept as a log. The schedule's file is named if the schedule is not the one that is drawn.
func execute(ctx context.Context, in world.Input, scheduleFile string, o Options, check checker.Options) (*judged, error) {
	spec, err := json.Marshal(in.Spec)
	if err != nil {
		return nil, fmt.Errorf("store the spec: %w", err)
	}
	run := &judged{Run: results.Run{Seed: in.Spec.Seed, Started: time.Now().UTC(), Spec: spec, Schedule: in.Schedule}}
	if o.Command != nil {
		run.Run.Replay = o.Command(in.Spec, scheduleFile)
	}
	in.Trace = o.Trace
	r, err := world.Run(ctx, in, o.Bounds)
	var crash *world.CrashError
	switch {
	case errors.As(err, &crash):
		run.History = &history.History{}
		run.Verdict = checker.Conclude(checker.Part{Name: checker.WorldPart, Reason: crash.Error()})
		run.Logs = []report.NodeLog{{Node: "crash", Text: crash.Output}}
	case err != nil:
		return nil, err
	default:
		run.record(r)
		if run.Verdict, run.Statistics, err = judge(ctx, in, r, check); err != nil {
			return nil, err
		}
	}
	run.History.Header = history.Header{Spec: spec, Build: Build(), Machine: runtime.GOOS + "/" + runtime.GOARCH}
	if r != nil {
		run.History.Header.Replay = r.Replay
	}
	return run, nil
}

// record takes over what clients saw, what the system recorded about itself, and how the test ended.
func (run *judged) record(r *world.Result) {
	run.History, run.Report, run.Ending = r.History, r.Report, r.Ending
	if run.Untraced > 0 {
		run.Counters = append(run.Counters, report.Counter{Name: "writes not traced", Value: run.Untraced})
	}
	slices.SortStableFunc(run.Track, func(a, b report.Transition) int { return int(a.Time - b.Time) })
}
