package results

import (
	"encoding/json"
	"time"

	"faultline/checker"
	"faultline/history"
)

// Run is one run, as it is kept:
//
//	index.html        the page to read first
//	spec.json         what was run
//	schedule.txt      the faults
//	history.jsonl     what clients saw
//	verdict.json      verdict, statistics, counters, digests
//	track.json        who led when
//	nodes/<node>.log  what the nodes logged
//	latency.svg       plots
//	rate.svg
//	keys/<key>.html   porcupine's picture of each key that is invalid
type Run struct {
	Seed       uint64
	Started    time.Time
	Spec       json.RawMessage // an object
	Schedule   string
	History    *history.History
	Verdict    checker.Verdict
	Statistics checker.Statistics
	Counters   []Counter
	Track      []Transition
	Logs       []NodeLog
	Replay     string // the command that runs it again

	// Counterexamples become pictures when a run is written. They are not read back.
	Counterexamples []checker.Counterexample

	// The rest is set by ReadRun.

	Digest         string // of the history
	ScheduleEdited bool   // the schedule is not the one that the verdict is about
}

// Counter is a number that a system kept of itself.
type Counter struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// Transition is one change of a node's role.
type Transition struct {
	Time time.Duration `json:"time"` // since the start of the test, in nanoseconds
	Node string        `json:"node"`
	Role string        `json:"role"`
	Term uint64        `json:"term"`
}

// NodeLog is what a node logged.
type NodeLog struct {
	Node string
	Text []byte
}
