// Package trial runs one world and judges it, and runs many of them at once.
//
// A trial's verdict follows from its input and from the time that its check is given. A world that crashed is unknown. A
// trial whose context ended before it was judged is an error and never a verdict. After the context has ended no world is
// started; the one under way is killed, and its files are removed.
//
// The caller must give a spec that is valid with its schedule (see CheckFaults), and must have called world.Child in main.
package trial

import (
	"cmp"
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
	Check  checker.Options // bounds of each check
}

// Trial is a run with its verdict.
type Trial struct {
	results.Run
	Wall time.Duration // how long world and checks took, in real time
}

// Run runs a world and judges it. A world that crashed has the verdict unknown, and its last output is kept as a log.
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
	t, err := begun(in)
	if err != nil {
		return nil, err
	}
	header := headerOf(t.Spec, in)
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
		if t.Verdict, t.Statistics, err = Judge(ctx, in, r, l.Check); err != nil {
			return nil, err
		}
	}
	t.History.Header, t.Digest = header, t.History.Digest()
	t.Wall = time.Since(t.Started)
	return t, nil
}

// begun is a trial of which nothing is known yet.
func begun(in world.Input) (*Trial, error) {
	spec, err := json.Marshal(in.Spec)
	if err != nil {
		return nil, fmt.Errorf("store the spec: %w", err)
	}
	return &Trial{Run: results.Run{Seed: in.Spec.Seed, Started: time.Now().UTC(), Spec: spec, Schedule: in.Schedule}}, nil
}

// headerOf says what a replay depends on.
func headerOf(spec json.RawMessage, in world.Input) history.Header {
	return history.Header{Spec: spec, Build: cmp.Or(in.Spec.Build(), Build()), Machine: runtime.GOOS + "/" + runtime.GOARCH}
}

// crashed is what is known of a world that came to no end.
func (run *Trial) crashed(crash *world.CrashError) {
	run.History = &history.Tape{}
	run.Verdict = checker.Conclude(checker.Part{Name: checker.WorldPart, Reason: crash.Error()})
	run.Logs = []report.NodeLog{{Node: "crash", Text: crash.Output}}
}

// record takes over what clients saw, what the system recorded about itself, and how the test ended.
func (run *Trial) record(r *world.Result) {
	run.History, run.Report, run.Ending = r.History, r.Report, r.Ending
	if run.Untraced > 0 {
		run.Counters = append(run.Counters, report.Counter{Name: "writes not traced", Value: run.Untraced})
	}
	slices.SortStableFunc(run.Track, func(a, b report.Transition) int { return int(a.Time - b.Time) })
}

// Lost is a trial of which nothing is known but the reason for that.
func Lost(in world.Input, reason string) (*Trial, error) {
	t, err := begun(in)
	if err != nil {
		return nil, err
	}
	t.crashed(&world.CrashError{Reason: reason})
	t.History.Header, t.Digest = headerOf(t.Spec, in), t.History.Digest()
	return t, nil
}
