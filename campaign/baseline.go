package campaign

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/internal/strictjson"
	"faultline/results"
)

// Baseline reads a campaign or a comparison from its directory, as something to compare with another. A campaign has a single
// row, of its read level, and is not judged by the ladder. Its plan is returned too; that of a comparison is nil.
func Baseline(dir string) (*results.Comparison, *Plan, error) {
	all, err := results.ReadComparison(dir)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return all, nil, err
	}
	var p Plan
	path := filepath.Join(dir, planFile)
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, fmt.Errorf("%s is neither a campaign nor a comparison: there is no %s in it and no %s", dir, planFile, results.ComparisonFile)
	case err != nil:
		return nil, nil, err
	}
	if err := strictjson.Unmarshal(b, &p); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	record := filepath.Join(dir, recordFile)
	if b, err = os.ReadFile(record); err != nil {
		return nil, nil, err
	}
	lines, err := results.ParseLines(record, b)
	if err != nil {
		return nil, nil, err
	}
	return alone(p, lines), &p, nil
}

// recordFile is where results keeps the lines.
const recordFile = "campaign.jsonl"

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
