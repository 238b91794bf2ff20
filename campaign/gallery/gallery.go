// Package gallery looks for bugs that are planted on purpose.
//
// The result does not depend on how many trials run at once: the bug is found by the lowest seed whose run is invalid,
// whichever run ends first. The caller must give a spec that is valid with the bug and what the bug needs: see Hunt.Validate.
package gallery

import (
	"context"
	"fmt"
	"iter"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/world"
)

// Hunt says how planted bugs are looked for.
type Hunt struct {
	Spec     world.Spec // of all runs, to which the bug and what it needs are added; its seed is the first
	Schedule string     // for every run, in place of drawn ones
	Count    int        // seeds for each bug, at most
	Pool     trial.Pool

	// Plant gives a spec that has a bug what the bug needs to show; nil for all that it needs.
	Plant func(world.Spec) world.Spec
	// Told is called after every trial, from one goroutine at a time. It may be nil.
	Told func(trial.Progress)
}

// Validate reports what is wrong with a hunt for these bugs.
func (h *Hunt) Validate(bugs ...string) error {
	if h.Count < 1 {
		return fmt.Errorf("test count %d: give 1 or more", h.Count)
	}
	if err := h.Spec.Validate(); err != nil {
		return err
	}
	for _, bug := range bugs {
		if err := h.planted(bug).Validate(); err != nil {
			return fmt.Errorf("bug %s: %w", bug, err)
		}
	}
	return trial.CheckFaults(h.Spec, h.Schedule, "")
}

// Catch is what came of the search for one bug.
type Catch struct {
	Bug     string        `json:"bug"`
	Found   bool          `json:"found"`
	Seed    uint64        `json:"seed"`       // the first that found it; the last that was tried if none did
	Runs    int           `json:"runs"`       // up to that seed
	Virtual time.Duration `json:"virtual_ns"` // of these runs
	Wall    time.Duration `json:"wall_ns"`    // of the search
	Reason  string        `json:"reason"`     // what was violated; of the last run if nothing was
}

// Seek runs seeds until one finds the bug, as many at once as the pool allows. Only a violation finds it: a run that is
// unknown does not. When the context ends the error is its cause.
func (h *Hunt) Seek(ctx context.Context, bug string) (*Catch, error) {
	start, found := time.Now(), &Catch{Bug: bug}
	meter := trial.NewMeter(trial.Progress{What: bug}, h.Told)
	err := trial.InOrder(ctx, min(h.Pool.Size(), h.Count), h.specs(bug), h.try, func(a attempt) error {
		found.add(a)
		meter.Count(found.Found)
		if found.Found {
			return trial.ErrEnough
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	found.Wall = time.Since(start)
	return found, nil
}

// specs are those of the trials, one for each seed.
func (h *Hunt) specs(bug string) iter.Seq[world.Spec] {
	spec := h.planted(bug)
	return func(yield func(world.Spec) bool) {
		for range h.Count {
			if !yield(spec) {
				return
			}
			spec.Seed++
		}
	}
}

// planted is the spec with a bug and what the bug needs.
func (h *Hunt) planted(bug string) world.Spec {
	if h.Plant == nil {
		return h.Spec.Planted(bug)
	}
	spec := h.Spec
	spec.Bug = bug
	return h.Plant(spec)
}

// attempt is what a catch needs to know of a trial.
type attempt struct {
	seed    uint64
	verdict checker.Verdict
	virtual time.Duration
}

func (h *Hunt) try(ctx context.Context, spec world.Spec) (attempt, error) {
	in, err := trial.Draw(spec, h.Schedule)
	if err != nil {
		return attempt{}, err
	}
	run, err := h.Pool.Runner.Run(ctx, in)
	if err != nil {
		return attempt{}, err
	}
	return attempt{seed: run.Seed, verdict: run.Verdict, virtual: run.Ending.Virtual}, nil
}

func (c *Catch) add(a attempt) {
	c.Found = a.verdict.Validity == checker.Invalid
	c.Seed, c.Reason = a.seed, a.verdict.Reason
	c.Runs++
	c.Virtual += a.virtual
}
