// Package world runs one test from start to end: a cluster, its clients and the nemesis, in virtual
// time, in a process of its own in which nothing is left to chance.
//
// It guarantees that a run follows from its spec and schedule alone: the same program on the same kind
// of machine gives the same history to the last byte, whatever else the machine does, wherever it is
// called and whatever its environment (Result.Replay says exact). Where the operating system does not
// allow that, the run still happens in virtual time and says best effort. With the real clock the same
// code runs in real time in the calling process, and the race detector sees all of it.
//
// A world that hangs, panics or outgrows its bounds is no result: Run returns a *CrashError with what the
// process said, and the caller must not take it for a pass.
//
// Whoever calls Run owes a call of Child at the very beginning of main, before anything else: the world's
// process is this same program, started again.
package world

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"faultline/checker"
	"faultline/cluster/bugs"
	"faultline/cluster/raftkv"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/nemesis"
	"faultline/workloads"
)

// Spec says what is run. It is stored as JSON with every run; durations are in nanoseconds.
type Spec struct {
	Seed        uint64            `json:"seed"`
	TimeLimit   time.Duration     `json:"time_limit"` // of clients and nemesis; recovery and final reads come on top
	Rate        float64           `json:"rate"`       // operations a second, over all clients
	Concurrency int               `json:"concurrency"`
	Workload    string            `json:"workload"`
	Options     workloads.Options `json:"workload_options"`
	Nemesis     []string          `json:"nemesis"` // families; none for no faults
	Interval    time.Duration     `json:"nemesis_interval"`
	Intensity   float64           `json:"nemesis_intensity"` // share of the time that a fault of a family is in effect; 0 for the default
	Cluster     raftkv.Config     `json:"cluster"`
	Clock       Clock             `json:"clock"`
	// MaxOutage is how long clients may go without an acknowledged operation before it is a violation; 0 for ever.
	MaxOutage time.Duration `json:"max_outage,omitempty"`
	Bug       string        `json:"bug,omitempty"` // planted, by its name in the gallery; empty for none
}

// Clock says which time a world lives in.
type Clock string

const (
	Virtual Clock = "virtual"
	Real    Clock = "real"
)

// quiet is how long a test is left alone at its start, so that there is a healthy phase to compare with.
const quiet = 5 * time.Second

// Schedule draws the faults of a spec.
func (s Spec) Schedule() (nemesis.Schedule, error) {
	first := min(quiet, s.TimeLimit/4)
	if len(s.Nemesis) > 0 && s.TimeLimit-first < s.Interval {
		return nil, fmt.Errorf("time limit %v: too short for a nemesis interval of %v, as the first %v are without faults",
			s.TimeLimit, s.Interval, first)
	}
	return nemesis.Generate(generator(s.Seed, "schedule"), nemesis.Options{
		Families: s.Nemesis, Nodes: s.NodeNames(), Interval: s.Interval, Intensity: s.Intensity, First: first, End: s.TimeLimit})
}

// Planted is the spec with a bug, and with what that bug needs to show: clients that can see it, the families of
// faults that concern it, and the promise that it breaks.
func (s Spec) Planted(bug string) Spec {
	s.Bug = bug
	if b, ok := bugs.ByName(bug); ok {
		s.Workload = cmp.Or(b.Workload, s.Workload)
		s.Nemesis = nemesis.Union(s.Nemesis, b.Nemesis)
		s.Options.Staleness = max(s.Options.Staleness, b.Staleness)
	}
	return s
}

// NodeNames returns the names that schedules call the nodes by.
func (s Spec) NodeNames() []string {
	var names []string
	for i := range s.Cluster.WithDefaults().Nodes {
		names = append(names, fmt.Sprintf("n%d", i+1))
	}
	return names
}

// generator returns the generator of one source of randomness.
func generator(seed uint64, source string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(source))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// Input is what a world needs to know: the spec, and the schedule as text.
type Input struct {
	Spec     Spec   `json:"spec"`
	Schedule string `json:"schedule"`
	// Trace has the messages reported. It is always in the JSON, which must not make a difference to the world: the
	// runtime draws numbers while it decodes a field.
	Trace bool `json:"trace"`
}

// Result is what came of a test. A world's process hands it to its parent as JSON, and the history as a file of its own.
type Result struct {
	History *history.History `json:"-"`
	Report  report.Report    `json:"report"`
	checker.Ending
	Replay string `json:"-"` // ReplayExact or ReplayBestEffort
}

// How well a run can be repeated.
const (
	ReplayExact      = "exact"
	ReplayBestEffort = "best effort"
)

// Run runs one test. Cancelling the context kills it; on the real clock, where it is no process of its own,
// it ends as soon as what is under way is answered.
func Run(ctx context.Context, in Input, b Bounds) (*Result, error) {
	if in.Spec.Clock == Real {
		return runReal(ctx, in)
	}
	return runChild(ctx, in, b)
}

// Bounds are the limits of a world's process. Zero fields take their defaults.
type Bounds struct {
	Stall  time.Duration // real time without progress; default 30 s
	Memory int64         // resident bytes; default 4 GiB
}

// CrashError is a world that ended without a result.
type CrashError struct {
	Reason string
	Output []byte // what its process wrote to standard error: the goroutine dump
}

func (e *CrashError) Error() string { return "the world crashed: " + e.Reason }
