package compare

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/checker/txn/models"
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
	judge      judge
	keeps      []string // the models that are to be kept

	judged    int
	stats     stats.Statistics
	counters  []report.Counter
	measures  ladder.Measures
	answers   []refutation    // one for each model
	anomalies []refutation    // that were found, and what they are cases of; in no order
	found     map[string]bool // the anomalies that were found as such
	aborts    map[string]int
	failures  []refutation // what else was wrong, in no order
	first     []history.Operation
}

// refutation counts runs that something was wrong with, and has the first of them.
type refutation struct {
	results.ModelAnswer
	run     *judged
	unknown uint64 // the seed of the first run that is
}

// add counts a run, and reports whether it broke what the setup is to keep. Of the runs that refuted a model only the
// first is kept.
func (r *row) add(run *judged) (broke bool) {
	for i := range run.Verdict.Parts {
		if p := &run.Verdict.Parts[i]; !slices.Contains(r.judge.parts(), p.Name) && p.Validity != checker.Valid {
			refutationOf(&r.failures, p.Name).count(run, p.Validity, "", p.Reason, "")
			broke = broke || p.Validity == checker.Invalid
		}
	}
	if len(run.answers) == 0 {
		return broke
	}
	r.judged++
	r.stats.Add(run.Statistics)
	r.counters = report.Sum(r.counters, run.Counters)
	r.measures.Add(run.measures)
	for _, a := range run.answers {
		refutationOf(&r.answers, a.name).count(run, a.validity, a.rule, a.reason, a.picture)
		broke = broke || a.validity == checker.Invalid && slices.Contains(r.keeps, a.name)
	}
	r.addAnomalies(run)
	for why, n := range run.aborts {
		r.aborts[why] += n
	}
	if run.Seed == r.spec.Seed {
		r.first = run.ops
	}
	return broke
}

// addAnomalies counts the anomalies of a run once each, and those that they are cases of.
func (r *row) addAnomalies(run *judged) {
	for _, a := range run.anomalies {
		r.found[a.name] = true
	}
	for _, name := range models.Anomalies() {
		k := slices.IndexFunc(run.anomalies, func(a answer) bool { return models.Covers(a.name, name) })
		if k >= 0 {
			a := run.anomalies[k]
			refutationOf(&r.anomalies, name).count(run, a.validity, a.rule, a.reason, a.picture)
		}
	}
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

// sum is the row as it is shown, with the runs stored that its answers speak of. It tells of these anomalies.
func (r *row) sum(ctx context.Context, dir *results.Campaign, anomalies []string) (results.ComparisonRow, error) {
	claim, unless := r.setup.Claims()
	shown := results.ComparisonRow{Setup: r.setup.Name, Claims: claim, Unless: unless, Keeps: r.keeps,
		Way: r.setup.Mode.Way, Judged: r.judged, Measures: r.measures, Stats: r.stats, Counters: r.counters}
	for _, list := range [][]refutation{r.failures, r.anomalies} {
		slices.SortFunc(list, func(a, b refutation) int { return cmp.Compare(a.Model, b.Model) })
	}
	r.anomalies = slices.DeleteFunc(r.anomalies, func(a refutation) bool { return !slices.Contains(anomalies, a.Model) })
	for _, why := range slices.Sorted(maps.Keys(r.aborts)) {
		shown.Aborts = append(shown.Aborts, results.Abort{Why: why, Count: r.aborts[why]})
	}
	stored := map[uint64]string{}
	for _, list := range []struct {
		from []refutation
		to   *[]results.ModelAnswer
	}{{r.answers, &shown.Answers}, {r.anomalies, &shown.Anomalies}, {r.failures, &shown.Failures}} {
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
		for _, weaker := range results.WeakerModels(a.Model) {
			implied[weaker] = true
		}
	}
	return kept
}
