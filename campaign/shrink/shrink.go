// Package shrink looks for the smallest run that fails as a stored one does.
//
// The result follows from the stored run, and the number of worlds that there may be, and does not depend on how many trials run at once,
// unless the time or the context ends the search. What it stores was seen to fail. A search that ends early keeps what it has found. The caller
// must give a pool whose runner is deterministic, and must have called world.Child in main.
package shrink

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"faultline/campaign/replay"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/internal/wording"
	"faultline/nemesis"
	"faultline/world"
)

// Options say how a search is done.
type Options struct {
	Pool   trial.Pool
	Time   time.Duration // in real time, for the search; 0 for as long as it takes
	Worlds int           // that the result may depend on; 0 for as many as it takes
	// Command returns the command line that repeats a run, given the file of its schedule if that is not the one that is
	// drawn from the spec. It may be nil.
	Command func(spec world.Spec, scheduleFile string) string
	// Told is called after every trial that the result depends on, from one goroutine at a time. It may be nil.
	Told func(trial.Progress)
}

// Size is how large a run is, by all that shrinking makes less.
type Size struct {
	Seed       uint64        `json:"seed"` // which is not part of the size: another may have been needed
	Events     int           `json:"events"`
	Clients    int           `json:"concurrency"`
	Keys       int           `json:"keys"`       // 0 if the workload has no number of them
	Operations int           `json:"operations"` // in the history, final reads included
	Rate       float64       `json:"rate"`
	TimeLimit  time.Duration `json:"time_limit"` // in nanoseconds
}

// String is what progress is told by.
func (s Size) String() string {
	return fmt.Sprintf("%s, %s, %s", wording.Count(s.Events, "event"), wording.Count(s.Clients, "client"), wording.Count(s.Operations, "operation"))
}

// Result is what came of a run that was shrunk.
type Result struct {
	Before   Size            `json:"before"`
	After    Size            `json:"after"`
	Worlds   int             `json:"worlds"`  // that the result depends on
	Elapsed  time.Duration   `json:"elapsed"` // in nanoseconds
	Stopped  Stop            `json:"stopped"` // why the search ended before nothing smaller was left; empty if it did not
	Schedule string          `json:"schedule"`
	Verdict  checker.Verdict `json:"verdict"`
	Digest   string          `json:"digest"`
	Same     bool            `json:"same"`   // it did not come out different when it was run once more, if there was time for that
	Dir      string          `json:"dir"`    // where it is; empty if nothing smaller was found
	Replay   string          `json:"replay"` // the command that runs it anew
}

// Stop says why a search was ended.
type Stop string

const (
	OutOfTime   Stop = "time"
	OutOfWorlds Stop = "worlds"
	Interrupted Stop = "interrupted"
)

// ErrNotInvalid means that there is no violation to keep while a run is made smaller.
var ErrNotInvalid = errors.New("there is nothing to shrink")

var (
	errOutOfTime   = errors.New("the time for shrinking is over")
	errOutOfWorlds = errors.New("there were as many worlds as there may be")
)

// furtherSeeds is how many seeds a smaller spec is tried with in addition to its own.
const furtherSeeds = 20

// Search looks for the smallest run that is invalid as this one is: in the same part of the verdict, and with an
// explanation if this one has one. It stores that run next to this one, under its name with -shrunk appended. When
// the context ends or the time is up, the result is the smallest run found so far.
//
// The error is ErrNotInvalid if the run is not invalid, or not when it is run again.
func Search(ctx context.Context, s *replay.Run, o Options) (*Result, error) {
	if err := shrinkable(s); err != nil {
		return nil, err
	}
	start := time.Now()
	bounded, cancel := ctx, func() {}
	if o.Time > 0 {
		bounded, cancel = context.WithTimeoutCause(ctx, o.Time, errOutOfTime)
	}
	defer cancel()
	search, resolved, err := begin(bounded, s, o)
	if err != nil {
		return nil, err
	}
	r, original, outcome := &Result{Before: search.size(), Same: true}, search.best, search.outcome
	search.first(bounded, []candidate{resolved})
	search.run(bounded)
	switch {
	case errors.Is(search.err, errOutOfTime):
		r.Stopped = OutOfTime
	case errors.Is(search.err, errOutOfWorlds):
		r.Stopped = OutOfWorlds
	case ctx.Err() != nil:
		r.Stopped = Interrupted
	case search.err != nil:
		return nil, search.err
	}
	found := search.best.name() != original.name() && search.best.name() != resolved.name()
	if !found { // nodes in place of symbols make nothing smaller, and may even make for more operations
		search.best, search.outcome = original, outcome
	}
	r.After, r.Worlds, r.Elapsed = search.size(), search.meter.Done, time.Since(start)
	best := search.outcome.run
	r.Schedule, r.Verdict, r.Digest = best.Schedule, best.Verdict, search.outcome.digest
	if !found {
		return r, nil
	}
	if r.Same, err = repeats(ctx, o.Pool.Runner, search); err != nil {
		return r, err
	}
	return r, keep(s, o, search, r)
}

// shrinkable refuses a run that has no violation, or that does not happen twice.
func shrinkable(s *replay.Run) error {
	was := s.Stored.Verdict
	switch {
	case s.Input.Spec.Clock == world.Real:
		return fmt.Errorf("%w: the run was made in real time, and what happens there does not happen twice", ErrNotInvalid)
	case len(s.Edited) == 0 && was.Validity != checker.Invalid:
		return fmt.Errorf("%w: the run is %v: %s; give one that is invalid", ErrNotInvalid, was.Validity, was.Reason)
	}
	return nil
}

// begin runs the run again, to see that it still fails and what the symbols in its schedule stood for. The search
// should go on from the schedule with nodes in their place if that fails as well: then what is left does not
// change its meaning with what is left out.
func begin(ctx context.Context, s *replay.Run, o Options) (found *search, resolved candidate, err error) {
	run, err := o.Pool.Runner.Run(ctx, s.Input)
	if err != nil {
		return nil, resolved, stopped(ctx, err)
	}
	kind, ok := kindOf(run.Verdict)
	if !ok {
		return nil, resolved, notAgain(s, run)
	}
	before, err := kind.outcome(run)
	if err != nil {
		return nil, resolved, err
	}
	schedule, err := nemesis.Parse(s.Input.Schedule)
	if err != nil {
		return nil, resolved, err
	}
	found = &search{
		try:     kind.tester(o.Pool.Runner),
		workers: o.Pool.Size(),
		best:    candidate{spec: s.Input.Spec, schedule: schedule},
		outcome: before,
		most:    o.Worlds,
		passed:  map[string]bool{},
		step:    "the schedule as it was carried out",
	}
	for i := range uint64(furtherSeeds + 1) {
		found.seeds = append(found.seeds, s.Input.Spec.Seed+i)
	}
	found.meter = trial.NewMeter(trial.Progress{Done: 1}, o.Told)
	resolved = found.best
	if resolved.schedule, err = nemesis.Parse(run.Ending.Resolved); err != nil {
		return nil, resolved, fmt.Errorf("the schedule as it was carried out: %w", err)
	}
	return found, resolved, nil
}

// notAgain says why a run that was invalid is not invalid now.
func notAgain(s *replay.Run, run *trial.Trial) error {
	if len(s.Edited) > 0 {
		return fmt.Errorf("%w: as edited, the run is %v: %s", ErrNotInvalid, run.Verdict.Validity, run.Verdict.Reason)
	}
	return fmt.Errorf("%w: run again, it is %v: %s", ErrNotInvalid, run.Verdict.Validity, replay.Why(s.Stored.History, run.History))
}

// size is that of the best.
func (s *search) size() Size {
	spec := s.best.spec
	return Size{Seed: spec.Seed, Events: len(s.best.schedule), Clients: spec.Concurrency, Keys: s.best.keys(),
		Operations: s.outcome.operations, Rate: spec.Rate, TimeLimit: spec.TimeLimit}
}

// repeats runs what was found once more, and says whether it comes out the same. When the context ends before that, it is
// taken to.
func repeats(ctx context.Context, runner trial.Runner, found *search) (bool, error) {
	if ctx.Err() != nil {
		return true, nil
	}
	again, err := runner.Run(ctx, found.best.input())
	switch {
	case ctx.Err() != nil:
		return true, nil
	case err != nil:
		return false, err
	}
	return again.HistoryDigest() == found.outcome.digest, nil
}

// keep stores what was found.
func keep(s *replay.Run, o Options, found *search, r *Result) error {
	dir, err := s.Campaign()
	if err != nil {
		return err
	}
	run, name, file := found.outcome.run, dir.Free(filepath.Base(s.Dir)+"-shrunk"), ""
	if len(found.best.schedule) > 0 {
		file = filepath.Join(filepath.Dir(s.Dir), name, "schedule.txt")
	}
	if o.Command != nil {
		run.Run.Replay = o.Command(found.best.input().Spec, file)
	}
	if name, err = dir.WriteRunAs(name, &run.Run); err != nil {
		return err
	}
	r.Dir, r.Replay = filepath.Join(filepath.Dir(s.Dir), name), run.Run.Replay
	return nil
}
