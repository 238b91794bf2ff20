// Package trial runs one world and judges it, and runs many of them at once.
//
// It guarantees that a trial's verdict follows from its input and from the time that its check is given: a world that
// crashed is unknown, and a trial whose context ended before it was judged is an error and never a verdict. After its
// context has ended no world is started, and the one under way is killed with all that it left in the file system.
//
// Its caller owes it a spec that is valid with its schedule (see CheckFaults), and that world.Child was called in main.
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

// Runner runs worlds and judges them, wherever that is. It may be called by several goroutines at once.
type Runner interface {
	// Run runs one world and judges it. The error is the context's if that ended first.
	Run(context.Context, world.Input) (*Trial, error)
}

// Local runs worlds on this machine.
type Local struct {
	Bounds world.Bounds    // of each world
	Check  checker.Options // what each check may take
}

// Trial is a run that was judged, with what is not stored of it.
type Trial struct {
	results.Run
	Virtual  time.Duration
	Settled  time.Duration // since when nobody wrote any more and replicas owed it to agree
	Resolved string        // the schedule as it was carried out
	Untraced int64         // writes to the network that the trace had no room for
	Broken   time.Duration // when the first of the cluster's own rules was; 0 if none was
}

// Run runs a world and judges it. A world that crashed has the verdict unknown, and what it said in its dying is kept
// as a log.
func (l Local) Run(ctx context.Context, in world.Input) (*Trial, error) {
	t, err := l.run(ctx, in)
	if ctx.Err() != nil {
		return nil, ctx.Err() // a check that was cut short has no answer
	}
	if err != nil {
		return nil, fmt.Errorf("seed %d: %w", in.Spec.Seed, err)
	}
	return t, nil
}

func (l Local) run(ctx context.Context, in world.Input) (*Trial, error) {
	spec, err := json.Marshal(in.Spec)
	if err != nil {
		return nil, fmt.Errorf("store the spec: %w", err)
	}
	t := &Trial{Run: results.Run{Seed: in.Spec.Seed, Started: time.Now().UTC(), Spec: spec, Schedule: in.Schedule}}
	header := history.Header{Spec: spec, Build: Build(), Machine: runtime.GOOS + "/" + runtime.GOARCH}
	r, err := world.Run(ctx, in, l.Bounds)
	var crash *world.CrashError
	switch {
	case errors.As(err, &crash):
		t.crashed(crash)
	case err != nil:
		return nil, err
	default:
		t.record(r)
		header.Replay = r.Replay
		check := l.Check
		check.Done = ctx.Done()
		if err := t.judge(in, r, check); err != nil {
			return nil, err
		}
	}
	t.History.Header = header
	return t, nil
}

// crashed is what is known of a world that came to no end.
func (run *Trial) crashed(crash *world.CrashError) {
	run.History = &history.History{}
	run.Verdict = checker.Conclude(checker.Part{Name: "world", Validity: checker.Unknown, Reason: crash.Error()})
	run.Logs = []report.NodeLog{{Node: "crash", Text: crash.Output}}
}

// record takes over what the world found out, and what the system recorded about itself.
func (run *Trial) record(r *world.Result) {
	run.History, run.Virtual, run.Settled, run.Resolved = r.History, r.Virtual, r.Settled, r.Resolved
	run.Counters, run.Track, run.Progress = r.Report.Counters, r.Report.Track, r.Report.Progress
	run.Messages, run.Logs, run.Untraced = r.Report.Messages, r.Report.Logs, r.Report.Untraced
	if run.Untraced > 0 {
		run.Counters = append(run.Counters, report.Counter{Name: "writes not traced", Value: run.Untraced})
	}
	slices.SortStableFunc(run.Track, func(a, b report.Transition) int { return int(a.Time - b.Time) })
}
