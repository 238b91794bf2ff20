// Package world runs one test from start to end: a cluster, its clients and the nemesis, in virtual
// time, in a process of its own in which nothing is left to chance.
//
// A run follows from its spec and schedule alone: the same program on the same kind of machine gives the same
// history to the last byte, whatever else the machine does and whatever the environment (Result.Replay says
// exact). Where the operating system does not allow that, the run still happens in virtual time and says best
// effort. With the real clock the same code runs in real time in the calling process, and the race detector
// sees all of it.
//
// A world that hangs, panics or outgrows its bounds gives no result: Run returns a *CrashError with the output
// of the process. The caller must not take it for a pass. A system that says at its start that it cannot be tested is a
// *cluster.RefusedError.
//
// A program that calls Run must call Child at the very beginning of main, before anything else: the world's
// process is this same program, started again. With Spec.Overlay it is this program built once more with the overlay, which
// leaves nothing to chance by itself, and whose scheduler can hold and end what runs on a node.
package world

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history"
)

// Clock says which time a world lives in.
type Clock string

const (
	Virtual Clock = "virtual"
	Real    Clock = "real"
)

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
	// Trace puts the messages into the report. It is always in the JSON, because the runtime draws numbers while it
	// decodes a field, and tracing must not make a difference to the world.
	Trace bool `json:"trace"`
	// Turns has the turns of guests written, see Result.Turns.
	Turns bool `json:"turns"`
}

// Result is the result of a test. A world's process hands it to its parent as JSON, and the history while it happens, in a file of its own.
type Result struct {
	History *history.Tape `json:"-"`
	Report  report.Report `json:"report"`
	checker.Ending
	Replay string `json:"-"` // ReplayExact or ReplayBestEffort
	// Turns are the turns of guests, line by line, see guest.WriteTurns; empty unless the input asked for them.
	Turns []byte `json:"-"`
}

// How well a run can be repeated.
const (
	ReplayExact      = "exact"
	ReplayBestEffort = "best effort"
)

// Run runs one test. Cancelling the context kills the world's process. On the real clock, where there is no such
// process, the test ends as soon as operations under way are answered.
func Run(ctx context.Context, in Input, b Bounds) (*Result, error) {
	var err error
	if in.Spec, err = in.Spec.WithDefaults(); err != nil { // so that a spec which was stored gives the same input
		return nil, err
	}
	if in.Spec.Clock == Real {
		return runReal(ctx, in)
	}
	return runChild(ctx, in, b)
}

// Bounds are the limits of a world's process. Zero fields take their defaults.
type Bounds struct {
	Stall  time.Duration // real time without progress, while nobody else had the processor; default 30 s
	Memory int64         // resident bytes; default 4 GiB
}

// CrashError is a world that ended without a result.
type CrashError struct {
	Reason string
	Output []byte // what its process wrote to standard error: the goroutine dump
}

func (e *CrashError) Error() string { return "the world crashed: " + e.Reason }
