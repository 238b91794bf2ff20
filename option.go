package faultline

import (
	"faultline/campaign/trial"
	"faultline/world"
)

// Option changes how Test runs a spec.
type Option func(*options)

type options struct {
	seeds    int
	first    uint64
	schedule string
	results  string
	trace    bool
	workers  int
	bounds   world.Bounds
}

// Seeds is how many seeds are run: 10 unless said otherwise.
func Seeds(n int) Option { return func(o *options) { o.seeds = n } }

// FirstSeed is the seed of the first run: 1 unless said otherwise. Each further run has the next.
func FirstSeed(seed uint64) Option { return func(o *options) { o.first = seed } }

// Schedule has these faults carried out in every run, in place of drawn ones. See package faultline/nemesis for the
// language.
func Schedule(text string) Option { return func(o *options) { o.schedule = text } }

// Results is the directory where runs that fail are kept: results/runs in the root of the module unless said otherwise.
func Results(dir string) Option { return func(o *options) { o.results = dir } }

// Trace has the messages of a run that fails stored with it.
func Trace() Option { return func(o *options) { o.trace = true } }

// Workers is how many worlds run at once: one on each core unless said otherwise.
func Workers(n int) Option { return func(o *options) { o.workers = n } }

// Memory bounds a world's process in bytes: 4 GiB unless said otherwise. A world above it is unknown, which fails.
func Memory(bytes int64) Option { return func(o *options) { o.bounds.Memory = bytes } }

// pool is where the runs are made.
func (o *options) pool() trial.Pool {
	return trial.Pool{Runner: trial.Local{Bounds: o.bounds}, Workers: o.workers}
}
