package gallery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/world"
)

// Hunt says how planted bugs are looked for.
type Hunt struct {
	Spec         world.Spec // of all runs, but for the bug and what it needs; its seed is the first
	Schedule     string     // for every run, in place of drawn ones
	Count        int        // seeds for each bug, at most
	CheckTimeout time.Duration
	Options      trial.Options

	// Plant gives a spec that has a bug what the bug needs to show; nil for all that it needs.
	Plant func(world.Spec) world.Spec
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

// Seek runs seeds until one finds the bug, as many at once as there are workers. Only a violation finds it:
// a run that is unknown does not. What it finds does not depend on the number of workers.
func (h *Hunt) Seek(ctx context.Context, bug string) (*Catch, error) {
	spec := h.Spec
	spec.Bug = bug
	if h.Plant != nil {
		spec = h.Plant(spec)
	} else {
		spec = spec.Planted(bug)
	}
	start, f := time.Now(), &Catch{Bug: bug}
	at := h.Options.AtOnce()
	for first := 0; first < h.Count && !f.Found; first += at {
		for _, run := range h.together(ctx, spec, min(at, h.Count-first)) {
			if run.err != nil {
				return nil, run.err
			}
			f.add(run.Trial)
			if f.Found {
				break
			}
		}
		spec.Seed += uint64(at)
	}
	f.Wall = time.Since(start)
	return f, nil
}

func (f *Catch) add(run *trial.Trial) {
	f.Found = run.Verdict.Validity == checker.Invalid
	f.Seed, f.Reason = run.Seed, run.Verdict.Reason
	f.Runs++
	f.Virtual += run.Ending.Virtual
}

// attempt is a run, or why there is none.
type attempt struct {
	*trial.Trial
	err error
}

// together runs so many seeds, from the spec's on, at once.
func (h *Hunt) together(ctx context.Context, spec world.Spec, count int) []attempt {
	attempts := make([]attempt, count)
	var workers sync.WaitGroup
	for i := range attempts {
		workers.Go(func() {
			one := spec
			one.Seed += uint64(i)
			attempts[i].Trial, attempts[i].err = h.run(ctx, one)
		})
	}
	workers.Wait()
	return attempts
}

func (h *Hunt) run(ctx context.Context, spec world.Spec) (*trial.Trial, error) {
	in, err := trial.Draw(spec, h.Schedule)
	if err != nil {
		return nil, err
	}
	run, err := trial.Run(ctx, in, "", h.Options, checker.Options{Timeout: h.CheckTimeout})
	if err != nil {
		return nil, fmt.Errorf("seed %d: %w", spec.Seed, err)
	}
	return run, nil
}
