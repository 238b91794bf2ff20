package trial

import (
	"context"
	"slices"

	"faultline/checker"
	"faultline/results"
	"faultline/world"
)

// Summary is what a campaign notes of a trial.
type Summary struct {
	Line results.Line // without Dir
	// Run is the whole run; nil if it was made on another machine and its files are not wanted.
	Run *results.Run
	// Stored tells whoever has made the summary that it is stored for good, and needs to be kept nowhere else. It may be nil.
	Stored func()
}

// Keep says which runs are wanted with their files.
type Keep struct {
	Valid bool      // a run is, even if it is valid
	Full  []Failure // of the others, those that fail in none of these ways
}

// Failure is how a run is not valid.
type Failure struct {
	Verdict checker.Validity `json:"verdict"`
	Rule    string           `json:"rule"`
}

// Wants reports whether the files of a run are wanted. Those of one about which two checkers disagree always are: they are what a report
// of the bug needs.
func (k Keep) Wants(l results.Line) bool {
	switch {
	case l.Verdict == checker.Valid:
		return k.Valid
	case l.Rule == checker.DisputeKind:
		return true
	}
	return !slices.Contains(k.Full, Failure{l.Verdict, l.Rule})
}

// Task is a trial that is to be summarized.
type Task struct {
	world.Input
	Keep Keep
}

// Summarizer is a runner that hands over runs only where their files are wanted: it runs trials on other machines, and runs are large.
type Summarizer interface {
	Runner
	Summarize(context.Context, Task) (Summary, error)
}

// Summarize runs a trial and says what came of it. Of runners that know no summaries it gets the whole run.
func Summarize(ctx context.Context, runner Runner, t Task) (Summary, error) {
	if r, ok := runner.(Summarizer); ok {
		return r.Summarize(ctx, t)
	}
	run, err := runner.Run(ctx, t.Input)
	if err != nil {
		return Summary{}, err
	}
	return Summary{Line: run.Line(), Run: &run.Run}, nil
}

// Line is what campaign.jsonl says of a trial that was not kept.
func (run *Trial) Line() results.Line {
	line := results.Line{Seed: run.Seed, Verdict: run.Verdict.Validity, Rule: run.Verdict.Kind(), Reason: run.Verdict.Reason, Digest: run.HistoryDigest(),
		Replay: run.History.Header.Replay, Virtual: run.Ending.Virtual, Wall: run.Wall,
		Statistics: run.Statistics, Counters: run.Counters, Coverage: run.Coverage(), Opinion: run.Verdict.Opinion()}
	line.Statistics.Pack() // a campaign may have thousands of lines
	return line
}
