package faultline

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/internal/gotest"
	"faultline/results"
	"faultline/world"
)

// TestMain runs the tests, or the world if this process was started for one. It does not return. A package with tests of
// stores calls it from its own TestMain, before anything else.
func TestMain(m *testing.M) {
	world.Child()
	os.Exit(m.Run())
}

// Test runs the seeds of a spec, several at once, each in a closed world of its own. It fails at the first seed, by number,
// whose run is not valid; unknown is not valid. The run is kept, and the failure says what is wrong, shows the operations,
// and tells how to run it again.
func Test(t *testing.T, s Spec, more ...Option) {
	t.Helper()
	o := &options{seeds: defaultSeeds, first: max(1, s.Seed), results: os.Getenv("FAULTLINE_RESULTS")}
	for _, option := range more {
		option(o)
	}
	s, err := o.prepare(t.Context(), s)
	if err != nil {
		t.Fatalf("faultline: %v", err)
	}
	if run := os.Getenv("FAULTLINE_REPLAY"); run != "" {
		replayStored(t, s, run, o)
		return
	}
	failed, err := o.run(t.Context(), s)
	switch {
	case err != nil:
		t.Fatalf("faultline: %v", err)
	case failed != nil:
		fail(t, failed, o)
	}
}

// prepare checks what is to be run, completes it, and builds what its worlds run.
func (o *options) prepare(ctx context.Context, s Spec) (Spec, error) {
	s, err := withDefaults(s)
	if err != nil {
		return s, err
	}
	if seed, asked, err := gotest.Seed(); err != nil {
		return s, err
	} else if asked {
		o.first, o.seeds = seed, 1
	}
	if o.seeds < 1 {
		return s, fmt.Errorf("%d seeds: give 1 or more", o.seeds)
	}
	if o.results == "" {
		o.results = filepath.Join(moduleRoot(), results.Root)
	}
	if o.schedule != "" {
		s.Nemesis = nil
	}
	s.Seed = o.first
	if err := s.Validate(); err != nil {
		return s, err
	}
	if s, err = s.Built(ctx, io.Discard); err != nil {
		return s, err
	}
	if o.schedule == "" {
		_, err = s.Schedule()
		return s, err
	}
	return s, trial.CheckSchedule(o.schedule, s)
}

// run runs the seeds and returns the first trial that is not valid; nil if all are.
func (o *options) run(ctx context.Context, s Spec) (*trial.Trial, error) {
	pool := o.pool()
	one := func(ctx context.Context, in world.Input) (*trial.Trial, error) { return pool.Runner.Run(ctx, in) }
	var failed *trial.Trial
	err := trial.InOrder(ctx, min(pool.Size(), o.seeds), o.inputs(s), one, func(run *trial.Trial) error {
		if run.Verdict.Validity != checker.Valid {
			failed = run
			return trial.ErrEnough
		}
		return nil
	})
	return failed, err
}

// inputs are those of all seeds, in order.
func (o *options) inputs(s Spec) iter.Seq[world.Input] {
	return func(yield func(world.Input) bool) {
		for i := range o.seeds {
			s.Seed = o.first + uint64(i)
			in, err := trial.Draw(s, o.schedule)
			if err != nil {
				return // what is wrong with one seed's schedule is wrong with all, and was reported
			}
			in.Trace = o.trace
			if !yield(in) {
				return
			}
		}
	}
}

// moduleRoot is the nearest directory above this one that has a go.mod; this one if there is none.
func moduleRoot() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}
