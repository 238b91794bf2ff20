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
	"faultline/nemesis"
	"faultline/world"
)

// Options bound a search for the smallest run.
type Options struct {
	trial.Options
	Check checker.Options
	Time  time.Duration // in real time, for the search
	// Progress is told after every world, from one goroutine at a time. It may be nil.
	Progress func(Progress)
}

// Progress is how far a search is.
type Progress struct {
	Step   string // what is looked for
	Worlds int
	Best   Size
}

// Size is how large a run is, by all that shrinking makes less.
type Size struct {
	Seed       uint64        `json:"seed"` // which is not part of the size: another may have been needed
	Events     int           `json:"events"`
	Clients    int           `json:"concurrency"`
	Keys       int           `json:"keys"`
	Operations int           `json:"operations"` // in the history, final reads included
	Rate       float64       `json:"rate"`
	TimeLimit  time.Duration `json:"time_limit"` // in nanoseconds
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
	Same     bool            `json:"same"`   // the run that is stored has the digest of the one that was found
	Dir      string          `json:"dir"`    // where it is; empty if nothing smaller was found
	Replay   string          `json:"replay"` // the command that runs it anew
}

// Stop says why a search was ended.
type Stop string

const (
	OutOfTime   Stop = "time"
	Interrupted Stop = "interrupted"
)

// ErrNotInvalid means that there is no violation to keep while a run is made smaller.
var ErrNotInvalid = errors.New("there is nothing to shrink")

var errOutOfTime = errors.New("the time for shrinking is over")

// furtherSeeds is how many seeds beside its own a smaller spec is tried with.
const furtherSeeds = 20

// Search looks for the smallest run that is invalid as this one is: in the same part of the verdict, and with an
// explanation if this one has one. It stores that beside this one, under its name with -shrunk behind it. When
// the context ends, or the time is over, it is the smallest found until then.
//
// The error is ErrNotInvalid if the run is not invalid, or not when it is run again.
func Search(ctx context.Context, s *replay.Run, o Options) (*Result, error) {
	if err := shrinkable(s); err != nil {
		return nil, err
	}
	start := time.Now()
	bounded, cancel := context.WithTimeoutCause(ctx, o.Time, errOutOfTime)
	defer cancel()
	search, resolved, err := begin(bounded, s, o)
	if err != nil {
		return nil, err
	}
	r, original := &Result{Before: search.size()}, search.best
	search.first(bounded, []candidate{resolved})
	search.run(bounded)
	switch {
	case errors.Is(search.err, errOutOfTime):
		r.Stopped = OutOfTime
	case ctx.Err() != nil:
		r.Stopped = Interrupted
	case search.err != nil:
		return nil, search.err
	}
	r.After, r.Worlds, r.Elapsed = search.size(), search.worlds, time.Since(start)
	found := search.best.name()
	smaller := r.After != r.Before || found != original.name() && found != resolved.name()
	return r, keep(context.WithoutCancel(ctx), s, o, search, r, smaller)
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
	run, err := trial.Run(ctx, s.Input, s.ScheduleFile, o.Options, o.Check)
	if err != nil {
		return nil, resolved, stopped(ctx, err)
	}
	kind, ok := kindOf(run.Verdict)
	if !ok {
		return nil, resolved, notAgain(s, run)
	}
	schedule, err := nemesis.Parse(s.Input.Schedule)
	if err != nil {
		return nil, resolved, err
	}
	found = &search{
		tester:  &worlds{kind: kind, options: o.Options, check: o.Check},
		workers: o.AtOnce(),
		best:    candidate{spec: s.Input.Spec, schedule: schedule},
		outcome: kind.outcome(run),
		worlds:  1,
		passed:  map[string]bool{},
		step:    "the schedule as it was carried out",
	}
	for i := range uint64(furtherSeeds + 1) {
		found.seeds = append(found.seeds, s.Input.Spec.Seed+i)
	}
	if o.Progress != nil {
		found.told = func(s *search) { o.Progress(Progress{Step: s.step, Worlds: s.worlds, Best: s.size()}) }
	}
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

// keep runs what was found once more, as any run, and stores it if it is smaller.
func keep(ctx context.Context, s *replay.Run, o Options, found *search, r *Result, smaller bool) error {
	dir, err := s.Campaign()
	if err != nil {
		return err
	}
	name := dir.Free(filepath.Base(s.Dir) + "-shrunk")
	in, file := found.best.input(), ""
	if len(found.best.schedule) > 0 {
		file = filepath.Join(filepath.Dir(s.Dir), name, "schedule.txt")
	}
	run, err := trial.Run(ctx, in, file, o.Options, o.Check)
	if err != nil {
		return err
	}
	r.Schedule, r.Verdict, r.Digest, r.Replay = in.Schedule, run.Verdict, run.History.Digest(), run.Replay
	r.Same = r.Digest == found.outcome.digest
	if !smaller {
		return nil
	}
	if name, err = dir.WriteRunAs(name, &run.Run); err != nil {
		return err
	}
	r.Dir = filepath.Join(filepath.Dir(s.Dir), name)
	return nil
}
