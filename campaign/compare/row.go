package compare

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/cluster/ops"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/stats"
	"faultline/results"
	"faultline/world"
)

// row is one setup under one condition while it is run. It does not depend on the order in which runs end.
type row struct {
	comparison *Comparison
	condition  Condition
	setup      Setup
	spec       world.Spec
	keeps      []string // the models that are to be kept

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
	run     *judged
	unknown uint64 // the seed of the first run that is
}

// judged is a trial with the answer of every model.
type judged struct {
	*trial.Trial
	row      *row
	ops      []history.Operation
	models   []ladder.Result
	measures ladder.Measures
}

// run runs one seed.
func (t task) run(ctx context.Context, runner trial.Runner) (*judged, error) {
	spec := t.row.spec
	spec.Seed = t.seed
	in, err := trial.Draw(spec, t.row.condition.Schedule)
	if err != nil {
		return nil, err
	}
	run, err := runner.Run(ctx, in)
	if err != nil {
		return nil, err
	}
	j := &judged{Trial: run, row: t.row}
	all, err := history.Operations(run.History.Events)
	if err != nil || len(all) == 0 {
		return j, nil // the world crashed, or the verdict says what is wrong with the history
	}
	j.ops = ops.OnObjects(all)
	j.models = ladder.Check(j.ops, ladder.Names(), ladder.Options{Timeout: t.row.comparison.CheckTimeout, Done: ctx.Done(), Settled: run.Ending.Settled,
		Staleness: spec.Staleness()})
	j.measures = ladder.Measure(j.ops)
	return j, ctx.Err() // models that were cut short have no answer
}

// add counts a run, and reports whether it broke what the setup is to keep. Of the runs that refuted a model only the
// first is kept.
func (r *row) add(run *judged) (broke bool) {
	for i := range run.Verdict.Parts { // whether it is linearizable, the ladder answers itself
		if p := &run.Verdict.Parts[i]; p.Name != checker.LinearizablePart && p.Validity != checker.Valid {
			refutationOf(&r.failures, p.Name).count(run, p.Validity, "", p.Reason, "")
			broke = broke || p.Validity == checker.Invalid
		}
	}
	if len(run.models) == 0 {
		return broke
	}
	r.judged++
	r.stats.Add(run.Statistics)
	r.counters = report.Sum(r.counters, run.Counters)
	r.measures.Add(run.measures)
	for _, m := range run.models {
		rule, picture := "", ""
		if m.Violation != nil {
			rule, picture = m.Violation.Anomaly, m.Violation.Picture
		}
		refutationOf(&r.answers, m.Model).count(run, m.Validity, rule, m.Reason, picture)
		broke = broke || m.Validity == checker.Invalid && slices.Contains(r.keeps, m.Model)
	}
	if run.Seed == r.spec.Seed {
		r.first = run.ops
	}
	return broke
}

func refutationOf(all *[]refutation, name string) *refutation {
	k := slices.IndexFunc(*all, func(f refutation) bool { return f.Model == name })
	if k < 0 {
		k = len(*all)
		*all = append(*all, refutation{ModelAnswer: results.ModelAnswer{Model: name}})
	}
	return &(*all)[k]
}

func (f *refutation) count(run *judged, v checker.Validity, rule, reason, picture string) {
	switch {
	case v == checker.Unknown:
		if f.Unknown++; f.Unknown == 1 || run.Seed < f.unknown {
			f.unknown, f.Undecided = run.Seed, fmt.Sprintf("seed %d: %s", run.Seed, reason)
		}
	case v == checker.Invalid:
		f.Refuted++
		if f.run == nil || run.Seed < f.Seed {
			f.Seed, f.Rule, f.Reason, f.Picture, f.run = run.Seed, rule, reason, picture, run
		}
	}
}

// sum is the row as it is shown, with the runs stored that its answers speak of.
func (r *row) sum(ctx context.Context, dir *results.Campaign) (results.ComparisonRow, error) {
	claim, unless := r.setup.Claims()
	shown := results.ComparisonRow{Setup: r.setup.Name, Claims: claim, Unless: unless, Keeps: r.keeps,
		Way: r.setup.Mode.Way, Judged: r.judged, Measures: r.measures, Stats: r.stats, Counters: r.counters}
	slices.SortFunc(r.failures, func(a, b refutation) int { return cmp.Compare(a.Model, b.Model) })
	stored := map[uint64]string{}
	for _, list := range []struct {
		from []refutation
		to   *[]results.ModelAnswer
	}{{r.answers, &shown.Answers}, {r.failures, &shown.Failures}} {
		for _, f := range list.from {
			if err := r.store(ctx, &f, dir, stored); err != nil {
				return shown, err
			}
			*list.to = append(*list.to, f.ModelAnswer)
		}
	}
	shown.Strongest = strongest(shown.Answers)
	return shown, nil
}

// store keeps the run that refuted the model, once, unless the context has ended.
func (r *row) store(ctx context.Context, f *refutation, dir *results.Campaign, stored map[uint64]string) error {
	if f.run == nil {
		return nil
	}
	f.Again = r.again(f.run)
	if stored[f.Seed] == "" && ctx.Err() == nil {
		f.run.Run.Replay = f.Again
		name, err := dir.WriteRun(&f.run.Run)
		if err != nil {
			return fmt.Errorf("seed %d: %w", f.Seed, err)
		}
		stored[f.Seed] = name
	}
	f.Dir = stored[f.Seed]
	return nil
}

// again is the command that repeats a run; empty if it is not known.
func (r *row) again(run *judged) string {
	if r.comparison.Command == nil {
		return ""
	}
	spec := r.spec
	spec.Seed = run.Seed
	return r.comparison.Command(r.setup, r.condition, spec)
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
