package results

import (
	"fmt"
	"io"
	"path/filepath"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/cluster/report"
	"faultline/history/stats"
)

// Comparison is what several ways to use a store kept and what they cost, under the same seeds and schedules. It is
// stored as compare.json.
type Comparison struct {
	Command  string            `json:"command"` // that makes it again
	Args     []string          `json:"args"`    // of that command
	Settings []Setting         `json:"settings"`
	Runs     int               `json:"runs"`   // of each row
	Models   []string          `json:"models"` // of registers or of transactions, the stronger before the weaker
	Tables   []ComparisonTable `json:"tables"` // one for each cluster and selection of faults
}

// ComparisonTable compares setups under one selection of faults.
type ComparisonTable struct {
	Condition   string          `json:"condition"`           // the cluster and what was done to it, in words
	Schedule    string          `json:"schedule,omitempty"`  // of all runs; empty if each seed had its own
	Noun        string          `json:"noun,omitempty"`      // what people call a row; a level if it is empty
	RoundTrip   time.Duration   `json:"round_trip_ns"`       // of a message and its answer on a link that is well, in the median
	Anomalies   []string        `json:"anomalies,omitempty"` // of transactions, that a run has shown, the ones that refute most first
	Rows        []ComparisonRow `json:"rows"`
	Divergences []Divergence    `json:"divergences"`
}

// ComparisonRow is about one setup.
type ComparisonRow struct {
	Setup  string   `json:"setup"`
	Claims string   `json:"claims"`           // in words
	Unless string   `json:"unless,omitempty"` // what takes the claim away
	Keeps  []string `json:"keeps"`            // models that are kept whatever happens
	Way    string   `json:"way"`              // what a read waits for

	Judged    int              `json:"judged"`              // runs that came to an end; the others crashed
	Strongest []string         `json:"strongest"`           // models that no run refuted, without those that follow from others of them
	Answers   []ModelAnswer    `json:"answers"`             // one for each model
	Anomalies []ModelAnswer    `json:"anomalies,omitempty"` // that transactions have shown, by their names in place of models; with what they are cases of
	Aborts    []Abort          `json:"aborts,omitempty"`    // why transactions failed
	Failures  []ModelAnswer    `json:"failures"`            // what else was wrong with runs, by the name of the part of the verdict
	Measures  ladder.Measures  `json:"measures"`            // of registers
	Stats     stats.Statistics `json:"statistics"`
	Counters  []report.Counter `json:"counters"`
}

// Abort counts transactions that failed for a reason.
type Abort struct {
	Why   string `json:"why"`
	Count int    `json:"count"`
}

// ModelAnswer counts the runs that refuted a model.
type ModelAnswer struct {
	Model   string `json:"model"`
	Refuted int    `json:"refuted"`
	Unknown int    `json:"unknown"`
	// Undecided says why the first run that is unknown is.
	Undecided string `json:"undecided,omitempty"`
	// The rest is about the first run that refuted it, if one did.
	Seed    uint64 `json:"seed,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Picture string `json:"picture,omitempty"`
	Again   string `json:"again,omitempty"` // the command that runs it again
	Dir     string `json:"dir,omitempty"`   // where the run is kept, in the comparison's directory
}

// Divergence is the first operation that ended in one way at the first setup of a table and in another way at this one, by the
// same client with the same seed.
type Divergence struct {
	Setup string      `json:"setup"`
	Seed  uint64      `json:"seed"`
	First DivergentOp `json:"first"` // at the first setup
	Other DivergentOp `json:"other"`
}

// DivergentOp is one operation, in words.
type DivergentOp struct {
	Process int           `json:"process"`
	Text    string        `json:"text"`
	Node    string        `json:"node"`
	Invoke  time.Duration `json:"invoke_ns"`
	Return  time.Duration `json:"return_ns"`
}

// Answer is the one about a model.
func (r *ComparisonRow) Answer(model string) ModelAnswer { return answerTo(r.Answers, model) }

func answerTo(all []ModelAnswer, name string) ModelAnswer {
	for _, a := range all {
		if a.Model == name {
			return a
		}
	}
	return ModelAnswer{Model: name}
}

// Broken are the models that the setup was to keep and that a run refuted.
func (r *ComparisonRow) Broken() []ModelAnswer {
	var broken []ModelAnswer
	for _, model := range r.Keeps {
		if a := r.Answer(model); a.Refuted > 0 {
			broken = append(broken, a)
		}
	}
	return broken
}

// Verdict says whether each setup kept what it is to keep, whatever happens. A run that came to no end is unknown.
func (c *Comparison) Verdict() checker.Validity {
	answer := checker.Valid
	for _, s := range c.Suites() {
		for _, test := range s.Cases {
			answer = checker.Merge(answer, test.Validity)
		}
	}
	return answer
}

// The files of a comparison, in its directory. The first run that refuted each model is there too.
const (
	ComparisonFile = "compare.json"
	ComparisonPage = "compare.html"
)

// WriteComparison stores a comparison with its page.
func (c *Campaign) WriteComparison(all *Comparison) error {
	err := replaceFile(c.Dir(), ComparisonFile, indented(all))
	if err == nil {
		err = replaceFile(c.Dir(), ComparisonPage, func(w io.Writer) error { return comparisonPage(w, all) })
	}
	if err != nil {
		return fmt.Errorf("store the comparison in %s: %w", c.Dir(), hint(err))
	}
	return c.pointLatest()
}

// ReadComparison reads what WriteComparison stored in a directory; the error is fs.ErrNotExist if nothing was.
func ReadComparison(dir string) (*Comparison, error) {
	var all Comparison
	return &all, readJSON(filepath.Join(dir, ComparisonFile), &all)
}
