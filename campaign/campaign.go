// Package campaign runs many worlds of one spec, each with its own seed, judges them, and keeps the results.
//
// Every seed of a campaign has exactly one line in campaign.jsonl, however often the campaign was killed and resumed.
// A line is written only after the run that it describes is stored. The campaign's verdict is the merge of its runs'
// verdicts: a run that crashed or was never finished is unknown.
//
// The caller must give a plan with a valid spec and a runner whose checks get the time of the plan, and must have called
// world.Child in main.
package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"faultline/campaign/gallery"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/results"
	"faultline/world"
)

// Options are the settings that are not part of the plan: they may differ when a campaign is resumed.
type Options struct {
	// Command returns the command line that repeats one run, given the file of its schedule if that is not
	// the one that is drawn from the spec. It may be nil.
	Command func(spec world.Spec, scheduleFile string) string
	Trace   bool // store the messages of each run that is kept
}

// ErrTaken means that there is a campaign or a comparison of that name already.
var ErrTaken = errors.New("exists already")

// Campaign is a campaign in progress.
type Campaign struct {
	plan    Plan
	options Options
	pool    trial.Pool
	dir     *results.Campaign
	journal *journal
	lines   []results.Line
	canary  *gallery.Catch // once it was looked for
	keeping keeping
	meter   *trial.Meter
	told    func(results.Line, trial.Progress)
}

// Create begins a campaign in a new directory below root.
func Create(root, name string, p Plan, o Options) (*Campaign, error) {
	c, err := prepare(root, name, p, o)
	if err != nil {
		return nil, err
	}
	if err := c.writePlan(); err != nil {
		c.journal.close()
		return nil, err
	}
	return c, nil
}

// prepare opens the directory of a campaign that is not begun before its plan is written there.
func prepare(root, name string, p Plan, o Options) (*Campaign, error) {
	var err error
	if p.Spec, err = p.Spec.WithDefaults(); err != nil {
		return nil, err
	}
	if dir := filepath.Join(root, name); results.Holds(dir) == "comparison" {
		return nil, fmt.Errorf("comparison %s %w: choose another name", dir, ErrTaken)
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
	return c, nil
}

func (c *Campaign) writePlan() error {
	b, err := json.Marshal(c.plan)
	if err != nil {
		return err
	}
	return c.dir.WriteSpec(b)
}

// Resume opens a campaign that was stopped, to go on where it stopped.
func Resume(root, name string, o Options) (*Campaign, error) {
	c := &Campaign{options: o}
	dir := filepath.Join(root, name)
	switch results.Holds(dir) {
	case "campaign":
	case "comparison":
		return nil, fmt.Errorf("%s is a comparison, and only campaigns are resumed", dir)
	default:
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
	c.keeping.count(c.lines)
	return err
}

// Dir is where the campaign's files are.
func (c *Campaign) Dir() string { return c.dir.Dir() }

// Plan is what the campaign runs.
func (c *Campaign) Plan() Plan { return c.plan }

// OnRun has f called after every run, from one goroutine at a time.
func (c *Campaign) OnRun(f func(results.Line, trial.Progress)) { c.told = f }

// Run runs what is left of the plan and returns the outcome of the whole. When the context ends, or
// after a failure with FailFast, it returns with what there is. An error is one of the campaign, such as
// a full disk, and not of a run; what was finished before is kept.
func (c *Campaign) Run(ctx context.Context, pool trial.Pool) (*Outcome, error) {
	defer c.journal.close()
	seeds := c.seedsLeft()
	c.pool = pool
	c.pool.Workers = min(pool.Size(), max(1, len(seeds)))
	c.meter = trial.NewMeter(trial.Progress{Done: len(c.lines), Count: c.plan.Count, Invalid: c.count(checker.Invalid)}, nil)
	started := time.Now()
	err := trial.AsTheyEnd(ctx, c.pool.Size()+c.pool.Queued, slices.Values(seeds), c.one, c.finish)
	wall := time.Since(started)
	if err == nil && len(c.lines) == c.plan.Count {
		c.canary, err = c.sing(ctx)
	}
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		err = nil // what there is tells that it was interrupted
	}
	o := c.outcome(wall, len(seeds))
	if summary := c.dir.WriteSummary(c.Summary(o)); err == nil {
		err = summary
	}
	return o, err
}

// Discard removes the campaign, if none of its runs has ended.
func (c *Campaign) Discard() error {
	if len(c.lines) > 0 {
		return fmt.Errorf("remove %s: runs of it have ended", c.Dir())
	}
	root := filepath.Dir(c.Dir())
	all, err := results.Inventory(root)
	for _, s := range all {
		if s.Kind == "campaign" && s.Dir == c.Dir() {
			_, removal := s.Remove()
			err = errors.Join(err, removal)
		}
	}
	return errors.Join(err, results.MendLatest(root))
}

// finish makes a run count: from here on it is not run again.
func (c *Campaign) finish(d finished) error {
	l := d.line
	if err := c.journal.append(l); err != nil {
		return err
	}
	if d.stored != nil {
		d.stored()
	}
	c.lines = append(c.lines, l)
	c.meter.Count(l.Verdict == checker.Invalid)
	if c.told != nil {
		c.told(l, c.meter.Progress)
	}
	if c.plan.FailFast && l.Verdict != checker.Valid {
		return trial.ErrEnough
	}
	return nil
}

// count is the number of runs with a verdict.
func (c *Campaign) count(v checker.Validity) int {
	n := 0
	for _, l := range c.lines {
		if l.Verdict == v {
			n++
		}
	}
	return n
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
