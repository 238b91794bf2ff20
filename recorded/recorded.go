// Package recorded checks histories that are files: our own, Jepsen's, Knossos', those that come with porcupine, and those of checkers of
// transactions, plain or compressed.
//
// A file that cannot be read to its end, or whose history breaks the rules, gets an error that names file and
// line, and no verdict. The caller must name a model where it cannot be guessed.
package recorded

import (
	"context"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/history"
	"faultline/history/stats"
)

// Options say how files are checked.
type Options struct {
	Model string // a name or an alias, see package catalog; empty to guess
	// ModelOptions are settings of the model, each "name=value".
	ModelOptions []string
	Check        checker.Options
	// ConsistencyModels are those that are asked for in place of what the model means, see catalog.Entry.ConsistencyModels; none
	// for that. The whole history is kept in memory then.
	ConsistencyModels []string
	Staleness         time.Duration // how old a read may be under bounded staleness; 0 for the default
	Tuples            Tuples
	Order             history.Order  // what the order of the events of another tool's history is taken from
	Keep              bool           // the result has the history
	Progress          func(Progress) // called now and then; may be nil
}

// Tuples says whether values are pairs of a key and the value proper, as jepsen.independent has them.
type Tuples string

const (
	TuplesGuessed Tuples = "guess"
	TuplesAlways  Tuples = "yes"
	TuplesNever   Tuples = "no"
)

// Progress is how far the reading of a file is.
type Progress struct {
	File    string
	Events  int64
	Bytes   int64 // read, as they are in the file
	Size    int64 // of the file; 0 if that is not known
	Elapsed time.Duration

	Remembered int64 // bytes of the operations that are kept in memory, and of their values
}

// Result is what came of one file.
type Result struct {
	File    string `json:"file"`
	Format  string `json:"format"`
	Tuples  bool   `json:"tuples"` // values were read as pairs of key and value
	Timed   bool   `json:"timed"`  // events carry times; else there are no latencies
	Model   string `json:"model"`
	Guessed string `json:"guessed,omitempty"` // how the model was found, if it was not given
	// Judged is what the verdict is about, and Unjudged the part of the history that it leaves out; both are empty for consistency models.
	Judged   string `json:"judged,omitempty"`
	Unjudged string `json:"unjudged,omitempty"`
	Events   int64  `json:"events"`
	// Warnings say what the model takes for something else or does not look at, and what is suspicious about the file.
	Warnings []string        `json:"warnings,omitempty"`
	Verdict  checker.Verdict `json:"verdict"`
	// Consistency are the answers for the models that were asked for.
	Consistency []ladder.Result       `json:"consistency,omitempty"`
	Functions   []stats.FunctionStats `json:"functions"`
	// History is what was checked, if Options.Keep, with the model's names of functions. Its times do not run backwards; of a history without
	// times they are positions, in milliseconds.
	History *history.Tape `json:"-"`
}

// Check checks one file, or the history in the directory of a stored run. When the context ends, it ends with the error of the context, unless
// the history is known to be invalid by then.
func Check(ctx context.Context, name string, o Options) (*Result, error) {
	in, err := openInput(ctx, name)
	if err != nil {
		return nil, err
	}
	return checkInput(in, o)
}

func checkInput(in *input, o Options) (*Result, error) {
	defer in.close()
	o.Check.Done = in.ctx.Done()
	c := &check{options: o, input: in, result: &Result{File: in.name}, start: time.Now()}
	if err := c.run(); err != nil {
		return nil, err
	}
	c.hint()
	return c.result, nil
}
