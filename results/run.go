package results

import (
	"encoding/json"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/stats"
)

// Run is one run, as it is kept:
//
//	index.html        the page to read first
//	spec.json         what was run
//	schedule.txt      the faults
//	history.jsonl     what clients saw
//	verdict.json      verdict, statistics, counters, digests
//	track.json        who led when: an array of Transition
//	progress.json     how far each node was: an array of Progress
//	messages.jsonl    what was said between clients and nodes: a Message a line, if the run was traced
//	nodes/<node>.log  what the nodes logged
//	latency.svg       plots, also as latency.png
//	rate.svg          and rate.png
//	keys/<key>.html   porcupine's picture of each key that is invalid
type Run struct {
	Seed       uint64
	Started    time.Time
	Spec       json.RawMessage // an object
	Schedule   string
	History    *history.History
	Verdict    checker.Verdict
	Statistics stats.Statistics
	Counters   []report.Counter
	Track      []report.Transition
	Progress   []report.Progress // in order of time
	Logs       []report.NodeLog
	Replay     string // the command that runs it again

	// Counterexamples become pictures when a run is written. They are not read back.
	Counterexamples []linear.Counterexample
	// Messages are nil if the run was not traced. They are not read back with the rest: see ReadMessages.
	Messages []report.Message

	// The rest is set by ReadRun.

	Digest         string // of the history
	ScheduleEdited bool   // the schedule is not the one that the verdict is about
}
