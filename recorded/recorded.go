// Package recorded checks histories that are files: our own, Jepsen's, Knossos', and those that come with
// porcupine, plain or compressed.
//
// A file that cannot be read to its end, or whose history breaks the rules, gets an error that names file and
// line, and no verdict. The caller must name a model where it cannot be guessed.
package recorded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/history"
	"faultline/history/stats"
)

// Options say how files are checked.
type Options struct {
	Model string // see linear.Models; empty to guess
	Check checker.Options
	// ConsistencyModels are those, by their names in package ladder, that are asked for in place of being linearizable; none
	// for that. The whole history is kept in memory then.
	ConsistencyModels []string
	Staleness         time.Duration // how old a read may be under bounded staleness; 0 for the default
	Tuples            Tuples
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
}

// Result is what came of one file.
type Result struct {
	File    string          `json:"file"`
	Format  string          `json:"format"`
	Tuples  bool            `json:"tuples"` // values were read as pairs of key and value
	Timed   bool            `json:"timed"`  // events carry times; else there are no latencies
	Model   string          `json:"model"`
	Guessed string          `json:"guessed,omitempty"` // how the model was found, if it was not given
	Events  int64           `json:"events"`
	Verdict checker.Verdict `json:"verdict"`
	// Consistency are the answers for the models that were asked for.
	Consistency []ladder.Result       `json:"consistency,omitempty"`
	Functions   []stats.FunctionStats `json:"functions"`
}

// stdin is the name that stands for standard input.
const stdin = "-"

// Check checks one file, or the history in the directory of a stored run.
func Check(ctx context.Context, name string, o Options) (*Result, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := int64(0)
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	return checkReader(ctx, f, f.Name(), size, o)
}

// checkReader checks what it reads, under the name given. The size serves to show progress; it is 0 if it
// is not known.
func checkReader(ctx context.Context, r io.Reader, name string, size int64, o Options) (*Result, error) {
	counted := &counter{r: r, ctx: ctx}
	var options []history.Option
	if o.Tuples == TuplesAlways || o.Tuples == TuplesNever {
		options = append(options, history.WithTuples(o.Tuples == TuplesAlways))
	}
	source, err := history.Open(counted, name, options...)
	if err != nil {
		return nil, err
	}
	c := &check{options: o, result: &Result{File: name}, source: source, read: counted, size: size, start: time.Now()}
	if err := c.run(); err != nil {
		return nil, err
	}
	return c.result, nil
}

// open opens a file; of a directory the history in it.
func open(name string) (*os.File, error) {
	if name == stdin {
		return os.Stdin, nil
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		for _, in := range []string{"history.jsonl", "history.edn"} {
			f, err := os.Open(filepath.Join(name, in))
			if !errors.Is(err, fs.ErrNotExist) {
				return f, err
			}
		}
		return nil, fmt.Errorf("%s is a directory without a history.jsonl or history.edn", name)
	}
	return os.Open(name)
}

// counter counts what is read, and ends the reading when the context ends.
type counter struct {
	r   io.Reader
	ctx context.Context
	n   int64
}

func (c *counter) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}
