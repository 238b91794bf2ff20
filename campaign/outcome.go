package campaign

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"faultline/campaign/gallery"
	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history/stats"
	"faultline/nemesis"
	"faultline/results"
)

// Outcome is the result of a campaign.
type Outcome struct {
	Verdict    checker.Validity
	Planned    int
	Lines      []results.Line // by seed
	Statistics stats.Statistics
	Counters   []report.Counter // sums
	Coverage   results.Coverage
	Opinion    checker.Opinion // the sum; zero if no other checker was asked
	Virtual    time.Duration   // of the runs that were made now
	Wall       time.Duration
	Workers    int            // worlds at once
	Cores      int            // at most so many of them had a core to themselves
	Canary     *gallery.Catch // the bug that was planted in an additional run; nil if none was
	// Shown are findings with a picture, of the first few runs that are invalid, by seed.
	Shown map[uint64]checker.Finding
}

// outcome sums up all lines. The last left of them were made in this session.
func (c *Campaign) outcome(wall time.Duration, left int) *Outcome {
	o := &Outcome{Planned: c.plan.Count, Wall: wall, Workers: c.pool.Size(), Cores: c.pool.Cores(), Canary: c.canary}
	for i, l := range c.lines {
		o.Statistics.Add(l.Statistics)
		o.Counters = report.Sum(o.Counters, l.Counters)
		o.Coverage.Add(l.Coverage)
		if l.Opinion != nil {
			o.Opinion.Add(*l.Opinion)
		}
		if i >= c.plan.Count-left {
			o.Virtual += l.Virtual
		}
	}
	o.Lines = slices.SortedFunc(slices.Values(c.lines), func(a, b results.Line) int { return cmp.Compare(a.Seed, b.Seed) })
	o.conclude(c.plan)
	o.Shown = c.shown(o.Lines)
	return o
}

// conclude merges the runs' verdicts. A run that was not made is unknown, and valid runs of a tool that does not find a
// planted bug prove nothing.
func (o *Outcome) conclude(p Plan) {
	var answers []checker.Validity
	for _, l := range o.Lines {
		answers = append(answers, l.Verdict)
	}
	_, planted := p.canary()
	if len(o.Lines) < o.Planned || planted && (o.Canary == nil || !o.Canary.Found) {
		answers = append(answers, checker.Unknown)
	}
	o.Verdict = checker.Merge(answers...)
}

// Disputed are the seeds of runs about which two checkers disagree.
func (o *Outcome) Disputed() []uint64 {
	var seeds []uint64
	for _, l := range o.Lines {
		if l.Rule == checker.DisputeKind {
			seeds = append(seeds, l.Seed)
		}
	}
	return seeds
}

// Count is the number of runs with a verdict.
func (o *Outcome) Count(v checker.Validity) int {
	n := 0
	for _, l := range o.Lines {
		if l.Verdict == v {
			n++
		}
	}
	return n
}

// Speed is virtual seconds per second and core; 0 if nothing was run.
func (o *Outcome) Speed() float64 {
	if o.Wall == 0 || o.Virtual == 0 {
		return 0
	}
	return o.Virtual.Seconds() / o.Wall.Seconds() / float64(min(o.Workers, o.Cores))
}

// Summary is what the campaign's page shows.
func (c *Campaign) Summary(o *Outcome) *results.Summary {
	s := &results.Summary{Title: filepath.Base(c.Dir()), Spec: settings(c.plan), Planned: o.Planned,
		Statistics: o.Statistics, Counters: o.Counters, Coverage: o.Coverage, Speed: o.Speed(), Canary: o.CanaryNote(), CanaryLost: o.Canary != nil && !o.Canary.Found}
	for _, l := range o.Lines {
		row := results.Row{Seed: l.Seed, Validity: l.Verdict, Reason: l.Reason, Operations: l.Statistics.Operations(),
			Faults: l.Statistics.FaultsInEffect(), Digest: l.Digest, Dir: l.Dir, Cause: o.Shown[l.Seed].Cause, Picture: o.Shown[l.Seed].Picture, Replay: c.command(l.Seed)}
		s.Runs = append(s.Runs, row)
	}
	return s
}

// settings lists the plan for people, by the names of the flags.
func settings(p Plan) []results.Setting {
	s := p.Spec
	kind, _ := s.Kind() // a plan is valid
	faults := nemesis.FormatFamilies(s.Nemesis, kind.Suffers)
	if p.Schedule != "" {
		faults = "by the schedule " + p.ScheduleFile
	}
	settings := []results.Setting{
		{Name: "system", Value: kind.Name},
		{Name: "workload", Value: s.Workload},
		{Name: kind.ModeNoun, Value: s.Mode},
		{Name: "nemesis", Value: faults},
		{Name: "nemesis interval", Value: s.Interval.String()},
		{Name: "nemesis intensity", Value: fmt.Sprint(s.Intensity)},
		{Name: "nodes", Value: fmt.Sprint(s.Nodes)},
		{Name: "concurrency", Value: fmt.Sprint(s.Concurrency)},
		{Name: "rate", Value: fmt.Sprintf("%g operations/s", s.Rate)},
		{Name: "time limit", Value: s.TimeLimit.String()},
		{Name: "seeds", Value: seeds(p)},
		{Name: "clock", Value: string(s.Clock)},
	}
	if s.Overlay {
		settings = append(settings, results.Setting{Name: "overlay", Value: "of the standard library"})
	}
	if s.Bug != "" {
		settings = append(settings, results.Setting{Name: "planted bug", Value: s.Bug})
	}
	return settings
}
