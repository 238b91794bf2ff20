package campaign

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/cluster"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/stats"
	"faultline/results"
	"faultline/world"
)

// Comparison says what is compared: each setup runs the same seeds and the same schedules.
type Comparison struct {
	Spec         world.Spec // its seed is the first; read level, faults and nodes are those of setups and conditions
	Count        int        // runs of each setup under each condition
	Setups       []Setup
	Conditions   []Condition
	CheckTimeout time.Duration
	Options      Options
	// Settings are told to people as they are.
	Settings []results.Setting
	// Told is called after every run, from one goroutine at a time. It may be nil.
	Told func(done, count int)
}

// Validate reports what is wrong with a comparison, in the words of the command line.
func (c *Comparison) Validate() error {
	if c.Spec.Clock == world.Real {
		return errors.New("levels are compared in virtual time: say --clock virtual")
	}
	for _, row := range c.rows() {
		p := Plan{Spec: row.spec, Count: c.Count, Schedule: row.condition.Schedule, ScheduleFile: row.condition.ScheduleFile, CheckTimeout: c.CheckTimeout}
		if err := p.Validate(); err != nil {
			return fmt.Errorf("%s: %w", row.setup.Name, err)
		}
	}
	return nil
}

// Compare runs all of it and stores what came of it in dir. When the context ends it returns its error.
func (c *Comparison) Compare(ctx context.Context, dir *results.Campaign) (*results.Comparison, error) {
	rows := c.rows()
	if err := c.runAll(ctx, rows); err != nil {
		return nil, err
	}
	all := &results.Comparison{Settings: c.Settings, Runs: c.Count, Models: ladder.Names()}
	perTable := len(c.Setups)
	for i, condition := range c.Conditions {
		table := results.ComparisonTable{Condition: condition.Name, Schedule: condition.Schedule, RoundTrip: roundTrip(c.Spec)}
		group := rows[i*perTable : (i+1)*perTable]
		for _, r := range group {
			row, err := r.sum(dir)
			if err != nil {
				return nil, err
			}
			table.Rows = append(table.Rows, row)
			if d, ok := diverge(group[0].first, r.first); ok {
				d.Setup, d.Seed = r.setup.Name, c.Spec.Seed
				table.Divergences = append(table.Divergences, d)
			}
		}
		all.Tables = append(all.Tables, table)
	}
	return all, nil
}

// rows are the setups under each condition, in the order in which they are shown.
func (c *Comparison) rows() []*comparedRow {
	var rows []*comparedRow
	for _, condition := range c.Conditions {
		for _, setup := range c.Setups {
			spec := setup.Spec(c.Spec)
			condition.apply(&spec)
			rows = append(rows, &comparedRow{comparison: c, condition: condition, setup: setup, spec: spec})
		}
	}
	return rows
}

// runAll runs every seed of every row, several at once.
func (c *Comparison) runAll(ctx context.Context, rows []*comparedRow) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	type task struct {
		row  *comparedRow
		seed uint64
	}
	todo := make(chan task)
	done := 0
	var mu sync.Mutex // guards done and the rows
	var workers sync.WaitGroup
	for range c.Options.workers() {
		workers.Go(func() {
			for t := range todo {
				run, err := t.row.run(ctx, t.seed)
				mu.Lock()
				if err == nil {
					t.row.add(t.seed, run)
					done++
					if c.Told != nil {
						c.Told(done, c.Count*len(rows))
					}
				}
				mu.Unlock()
				if err != nil {
					cancel(fmt.Errorf("%s, seed %d: %w", t.row.setup.Name, t.seed, err))
				}
			}
		})
	}
	for _, row := range rows {
		for i := range c.Count {
			select {
			case todo <- task{row, c.Spec.Seed + uint64(i)}:
			case <-ctx.Done():
			}
		}
	}
	close(todo)
	workers.Wait()
	return context.Cause(ctx)
}

// roundTrip is how long a message and its answer take in the median; 0 if the system does not say.
func roundTrip(s world.Spec) time.Duration {
	s, _ = s.WithDefaults() // a spec that is run has a kind
	if c, ok := s.Config.(cluster.RoundTripper); ok {
		return c.RoundTrip()
	}
	return 0
}

// staleness is how old a read may be where a mode bounds that; 0 if the system does not say.
func staleness(s world.Spec) time.Duration {
	s, _ = s.WithDefaults() // a spec that is run has a kind
	if c, ok := s.Config.(cluster.Stale); ok {
		return c.Staleness()
	}
	return 0
}

// comparedRow is one setup under one condition while it is run. It does not depend on the order in which runs end.
type comparedRow struct {
	comparison *Comparison
	condition  Condition
	setup      Setup
	spec       world.Spec

	judged   int
	stats    stats.Statistics
	counters []report.Counter
	measures ladder.Measures
	answers  []refutation // one for each model
	failures []refutation // what else was wrong, in no order
	first    []history.Operation
}

// refutation counts runs that something was wrong with, and has the first of them.
type refutation struct {
	results.ModelAnswer
	run     *climbed
	unknown uint64 // the seed of the first run that is
}

// climbed is a run that was judged by every model.
type climbed struct {
	*judged
	ops      []history.Operation
	models   []ladder.Result
	measures ladder.Measures
}

// run runs one seed.
func (r *comparedRow) run(ctx context.Context, seed uint64) (*climbed, error) {
	c := r.comparison
	spec := r.spec
	spec.Seed = seed
	in, err := draw(spec, r.condition.Schedule)
	if err != nil {
		return nil, err
	}
	run, err := execute(ctx, in, r.condition.ScheduleFile, c.Options, checker.Options{Timeout: c.CheckTimeout})
	if err != nil {
		return nil, err
	}
	up := &climbed{judged: run}
	if up.ops, err = history.Operations(run.History.Events); err != nil || len(up.ops) == 0 {
		return up, nil // the world crashed, or the verdict says what is wrong with the history
	}
	up.models = ladder.Check(up.ops, ladder.Names(), ladder.Options{Timeout: c.CheckTimeout, Settled: run.settled,
		Staleness: staleness(spec)})
	up.measures = ladder.Measure(up.ops)
	return up, nil
}

// add counts a run. Of the runs that refuted a model only the first is kept.
func (r *comparedRow) add(seed uint64, run *climbed) {
	for i := range run.Verdict.Parts {
		if p := &run.Verdict.Parts[i]; p.Name != linearizablePart && p.Validity != checker.Valid {
			refutationOf(&r.failures, p.Name).count(seed, run, p.Validity, "", p.Reason, "")
		}
	}
	if len(run.models) == 0 {
		return
	}
	r.judged++
	r.stats.Add(run.Statistics)
	r.counters = addCounters(r.counters, run.Counters)
	r.measures.Add(run.measures)
	for _, m := range run.models {
		rule, picture := "", ""
		if m.Witness != nil {
			rule, picture = m.Witness.Rule, m.Witness.Picture
		}
		refutationOf(&r.answers, m.Model).count(seed, run, m.Validity, rule, m.Reason, picture)
	}
	if seed == r.spec.Seed {
		r.first = run.ops
	}
}

// linearizablePart is what the ladder answers itself.
const linearizablePart = "linearizable"

func refutationOf(all *[]refutation, name string) *refutation {
	k := slices.IndexFunc(*all, func(f refutation) bool { return f.Model == name })
	if k < 0 {
		k = len(*all)
		*all = append(*all, refutation{ModelAnswer: results.ModelAnswer{Model: name}})
	}
	return &(*all)[k]
}

func (f *refutation) count(seed uint64, run *climbed, v checker.Validity, rule, reason, picture string) {
	switch {
	case v == checker.Unknown:
		if f.Unknown++; f.Unknown == 1 || seed < f.unknown {
			f.unknown, f.Undecided = seed, fmt.Sprintf("seed %d: %s", seed, reason)
		}
	case v == checker.Invalid:
		f.Refuted++
		if f.run == nil || seed < f.Seed {
			f.Seed, f.Rule, f.Reason, f.Picture, f.run = seed, rule, reason, picture, run
		}
	}
}

// sum is the row as it is shown, with the runs stored that its answers speak of.
func (r *comparedRow) sum(dir *results.Campaign) (results.ComparisonRow, error) {
	row := results.ComparisonRow{Setup: r.setup.Name, Claims: r.setup.Mode.Claims, Unless: r.setup.Mode.Unless, Keeps: r.setup.Keeps(),
		Way: r.setup.Mode.Way, Judged: r.judged, Measures: r.measures, Stats: r.stats, Counters: r.counters}
	slices.SortFunc(r.failures, func(a, b refutation) int { return cmp.Compare(a.Model, b.Model) })
	stored := map[uint64]string{}
	for _, list := range []struct {
		from []refutation
		to   *[]results.ModelAnswer
	}{{r.answers, &row.Answers}, {r.failures, &row.Failures}} {
		for _, f := range list.from {
			if err := r.store(&f, dir, stored); err != nil {
				return row, err
			}
			*list.to = append(*list.to, f.ModelAnswer)
		}
	}
	row.Strongest = strongest(row.Answers)
	return row, nil
}

// store keeps the run that refuted the model, once.
func (r *comparedRow) store(f *refutation, dir *results.Campaign, stored map[uint64]string) error {
	if f.run == nil {
		return nil
	}
	f.Again = r.again(f.run)
	if stored[f.Seed] == "" {
		name, err := dir.WriteRun(&f.run.Run)
		if err != nil {
			return fmt.Errorf("seed %d: %w", f.Seed, err)
		}
		stored[f.Seed] = name
	}
	f.Dir = stored[f.Seed]
	return nil
}

// again is the command that shows a run again: the comparison of that seed alone, where the schedule is the comparison's own.
func (r *comparedRow) again(run *climbed) string {
	if r.condition.Schedule != "" && r.condition.ScheduleFile == "" {
		return fmt.Sprintf("faultline compare --levels %s --seed %d --test-count 1", r.setup.Name, run.Seed)
	}
	return run.Run.Replay
}

// strongest are the models that no run refuted, without those that follow from another of them.
func strongest(answers []results.ModelAnswer) []string {
	var kept []string
	implied := map[string]bool{}
	for _, a := range answers { // the stronger come before the weaker
		if a.Refuted > 0 || implied[a.Model] {
			continue
		}
		kept = append(kept, a.Model)
		m, _ := ladder.ModelByName(a.Model) // it is one
		for _, weaker := range m.Weaker() {
			implied[weaker] = true
		}
	}
	return kept
}
