package campaign

import (
	"errors"
	"fmt"
	"io/fs"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/results"
)

// Baseline reads a campaign or a comparison from its directory, as something to compare with another. A campaign has a single
// row, of its read level, and is not judged by the ladder. Its plan is returned too; that of a comparison is nil.
func Baseline(dir string) (*results.Comparison, *Plan, error) {
	all, err := results.ReadComparison(dir)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return all, nil, err
	}
	p, err := ReadPlan(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, fmt.Errorf("%s is neither a campaign nor a comparison: there is no %s in it and no %s", dir, planFile, results.ComparisonFile)
	case err != nil:
		return nil, nil, err
	}
	lines, err := results.ReadLines(dir)
	if err != nil {
		return nil, nil, err
	}
	return alone(p, lines), &p, nil
}

// alone is a campaign as a comparison of one setup.
func alone(p Plan, lines []results.Line) *results.Comparison {
	row := results.ComparisonRow{Setup: p.Spec.Mode, Judged: len(lines)}
	failed := results.ModelAnswer{Model: "verdict"}
	for _, l := range lines {
		row.Stats.Add(l.Statistics)
		row.Counters = report.Sum(row.Counters, l.Counters)
		switch {
		case l.Verdict == checker.Unknown:
			failed.Unknown++
		case l.Verdict == checker.Invalid:
			if failed.Refuted++; failed.Refuted == 1 || l.Seed < failed.Seed {
				failed.Seed, failed.Reason, failed.Dir = l.Seed, l.Reason, l.Dir
			}
		}
	}
	if failed.Refuted+failed.Unknown > 0 {
		row.Failures = []results.ModelAnswer{failed}
	}
	return &results.Comparison{Settings: settings(p), Runs: p.Count, Tables: []results.ComparisonTable{{
		Condition: "a campaign", RoundTrip: p.Spec.RoundTrip(), Rows: []results.ComparisonRow{row}}}}
}
