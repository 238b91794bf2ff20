package trial

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

// Options are how trials are run.
type Options struct {
	Workers int // worlds at once; 0 for one on each core
	Bounds  world.Bounds
	// Command returns the command line that repeats one run, given the file of its schedule if that is not
	// the one that is drawn from the spec. It may be nil.
	Command func(spec world.Spec, scheduleFile string) string
	Trace   bool // have the messages of each run that is kept stored with it
}

// AtOnce is how many worlds run at once.
func (o Options) AtOnce() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// Draw returns what a world needs to run a spec: by the schedule, or by the one that is drawn if there is none.
func Draw(spec world.Spec, schedule string) (world.Input, error) {
	if schedule != "" {
		return world.Input{Spec: spec, Schedule: schedule}, nil
	}
	drawn, err := spec.Schedule()
	if err != nil {
		return world.Input{}, fmt.Errorf("seed %d: %w", spec.Seed, err)
	}
	return world.Input{Spec: spec, Schedule: drawn.String()}, nil
}

// Trial is a run with its verdict.
type Trial struct {
	results.Run
}

// Run runs a world and judges it. A world that crashed has the verdict unknown, and what it said in
// its dying is kept as a log. The schedule's file is named if the schedule is not the one that is drawn.
func Run(ctx context.Context, in world.Input, scheduleFile string, o Options, check checker.Options) (*Trial, error) {
	spec, err := json.Marshal(in.Spec)
	if err != nil {
		return nil, fmt.Errorf("store the spec: %w", err)
	}
	run := &Trial{Run: results.Run{Seed: in.Spec.Seed, Started: time.Now().UTC(), Spec: spec, Schedule: in.Schedule}}
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
		if run.Verdict, run.Statistics, err = Judge(ctx, in, r, check); err != nil {
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
func (run *Trial) record(r *world.Result) {
	run.History, run.Report, run.Ending = r.History, r.Report, r.Ending
	if run.Untraced > 0 {
		run.Counters = append(run.Counters, report.Counter{Name: "writes not traced", Value: run.Untraced})
	}
	slices.SortStableFunc(run.Track, func(a, b report.Transition) int { return int(a.Time - b.Time) })
}
