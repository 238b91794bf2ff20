// Package campaign runs many worlds of one spec, each with its own seed, judges them, and keeps what
// came of it.
//
// It guarantees that every seed of a campaign has exactly one line in campaign.jsonl however often the
// campaign was killed and resumed, that a line is there only if what it speaks of is stored, and that
// the campaign's verdict is the merge of its runs': a run that crashed or was never finished is unknown.
// Its caller owes it a plan whose spec is valid, and that world.Child was called in main.
package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"faultline/checker"
	"faultline/results"
	"faultline/world"
)

// Options are what is not part of the plan: they may differ when a campaign is resumed.
type Options struct {
	Workers int // worlds at once; 0 for one on each core
	Bounds  world.Bounds
	// Command returns the command line that repeats one run, given the file of its schedule if that is not
	// the one that is drawn from the spec. It may be nil.
	Command func(spec world.Spec, scheduleFile string) string
	Trace   bool // have the messages of each run that is kept stored with it
}

// ErrTaken means that there is a campaign of that name already.
var ErrTaken = errors.New("exists already")

// Campaign is a campaign in progress.
type Campaign struct {
	plan    Plan
	options Options
	dir     *results.Campaign
	journal *journal
	lines   []Line
	canary  *Catch // once it was looked for
	told    func(Progress)
}

// Create begins a campaign in a new directory below root.
func Create(root, name string, p Plan, o Options) (*Campaign, error) {
	var err error
	if p.Spec, err = p.Spec.WithDefaults(); err != nil {
		return nil, err
	}
	c := &Campaign{plan: p, options: o}
	if err := c.open(root, name); err != nil {
		return nil, err
	}
	switch _, err := c.dir.Spec(); {
	case err == nil:
		c.journal.close()
		return nil, fmt.Errorf("campaign %s %w: resume it, or choose another name", c.dir.Dir(), ErrTaken)
	case !errors.Is(err, fs.ErrNotExist):
		c.journal.close()
		return nil, err
	}
	b, err := json.Marshal(p)
	if err == nil {
		err = c.dir.WriteSpec(b)
	}
	if err != nil {
		c.journal.close()
		return nil, err
	}
	return c, nil
}

// Resume opens a campaign that was stopped, to go on where it stopped.
func Resume(root, name string, o Options) (*Campaign, error) {
	c := &Campaign{options: o}
	dir := filepath.Join(root, name)
	if _, err := os.Stat(filepath.Join(dir, planFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no campaign to resume at %s", dir)
	}
	if err := c.open(root, name); err != nil {
		return nil, err
	}
	err := c.readPlan()
	if err == nil {
		err = c.dir.RemovePartial()
	}
	if err == nil {
		err = c.dropOrphans()
	}
	if err != nil {
		c.journal.close()
		return nil, fmt.Errorf("resume %s: %w", dir, err)
	}
	return c, nil
}

func (c *Campaign) open(root, name string) error {
	dir, err := results.OpenCampaign(root, name)
	if err != nil {
		return err
	}
	c.dir = dir
	c.journal, c.lines, err = openJournal(dir.RecordPath())
	return err
}

// Dir is where the campaign's files are.
func (c *Campaign) Dir() string { return c.dir.Dir() }

// Plan is what the campaign runs.
func (c *Campaign) Plan() Plan { return c.plan }

// OnProgress has f called after every run, from one goroutine at a time.
func (c *Campaign) OnProgress(f func(Progress)) { c.told = f }

// Run runs what is left of the plan and returns the outcome of the whole. When the context ends, or
// after a failure with FailFast, it returns with what there is. An error is one of the campaign, such as
// a full disk, and not of a run; what was finished before is kept.
func (c *Campaign) Run(ctx context.Context) (*Outcome, error) {
	defer c.journal.close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	start, before := time.Now(), len(c.lines)
	seeds := c.seedsLeft()
	todo := make(chan uint64)
	var mu sync.Mutex // guards the lines and the journal
	var workers sync.WaitGroup
	for range min(c.options.workers(), max(1, len(seeds))) {
		workers.Go(func() {
			for seed := range todo {
				line, err := c.one(ctx, seed)
				if err != nil {
					cancel(err)
					continue
				}
				mu.Lock()
				err = c.finish(line, start, before)
				mu.Unlock()
				switch {
				case err != nil:
					cancel(err)
				case c.plan.FailFast && line.Verdict != checker.Valid:
					cancel(errFailFast)
				}
			}
		})
	}
	for _, seed := range seeds {
		select {
		case todo <- seed:
		case <-ctx.Done():
		}
	}
	close(todo)
	workers.Wait()
	wall := time.Since(start)
	if context.Cause(ctx) == nil {
		var err error
		if c.canary, err = c.sing(ctx); err != nil {
			cancel(err)
		}
	}
	o := c.outcome(wall, len(seeds))
	cause := context.Cause(ctx)
	if err := c.dir.WriteSummary(c.Summary(o)); err != nil && (cause == nil || errors.Is(cause, context.Canceled) || errors.Is(cause, errFailFast)) {
		return o, err
	}
	if cause != nil && !errors.Is(cause, context.Canceled) && !errors.Is(cause, errFailFast) {
		return o, cause
	}
	return o, nil
}

var errFailFast = errors.New("a run was not valid")

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// finish makes a run count: from here on it is not run again.
func (c *Campaign) finish(l Line, start time.Time, before int) error {
	if err := c.journal.append(l); err != nil {
		return err
	}
	c.lines = append(c.lines, l)
	if c.told != nil {
		c.told(Progress{Line: l, Done: len(c.lines), Count: c.plan.Count,
			Fresh: len(c.lines) - before, Elapsed: time.Since(start)})
	}
	return nil
}

// Progress is told after every run.
type Progress struct {
	Line    Line // the run that has just ended
	Done    int  // runs that have ended, earlier ones of a resumed campaign included
	Count   int  // runs in all
	Fresh   int  // of those done, the ones since the campaign was started or resumed
	Elapsed time.Duration
}

// Left estimates how long the rest will take.
func (p Progress) Left() time.Duration {
	return p.Elapsed / time.Duration(max(1, p.Fresh)) * time.Duration(p.Count-p.Done)
}

// seedsLeft returns the seeds of the plan that have no line.
func (c *Campaign) seedsLeft() []uint64 {
	done := map[uint64]bool{}
	for _, l := range c.lines {
		done[l.Seed] = true
	}
	var seeds []uint64
	for i := range c.plan.Count {
		if seed := c.plan.Spec.Seed + uint64(i); !done[seed] {
			seeds = append(seeds, seed)
		}
	}
	return seeds
}
