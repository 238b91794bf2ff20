package results

import (
	"encoding/json"
	"time"

	"faultline/checker"
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
//	report.json       what else the verdict is made of: how the test ended, broken invariants, when there was a quorum
//	track.json        roles and terms over time: an array of Transition
//	progress.json     how far each node was: an array of Progress
//	messages.jsonl    what was said between clients and nodes: a Message a line, if the run was traced
//	nodes/<node>.log  what the nodes logged
//	latency.svg       plots
//	rate.svg
//	keys/<key>.html   porcupine's picture of each key that is invalid; history.html if the workload has no keys
type Run struct {
	// File is what the history was read from, if it was recorded elsewhere and only checked here. Such a run has no seed and no report, and
	// Replay is the command that checks it again. See WriteChecked.
	File       string
	Untimed    bool // its events had no times: they have their positions in place of them, as milliseconds
	Seed       uint64
	Started    time.Time
	Spec       json.RawMessage // an object
	Schedule   string
	History    *history.Tape
	Verdict    checker.Verdict
	Statistics stats.Statistics
	Replay     string // the command that runs it again

	// The report is what the system recorded. Its messages are nil if the run was not traced, and are not read back with the rest: see
	// ReadMessages.
	report.Report
	// Ending is zero if the world crashed, or if the run was kept by a version that did not store it. Such a run cannot be judged
	// again.
	Ending checker.Ending

	Digest string // of the history; may be empty, see HistoryDigest

	// The rest is set by ReadRun.

	Reports        bool // it is of a version that stores a report, unless the world crashed
	ScheduleEdited bool // the schedule is not the one that the verdict is about
}

// HistoryDigest is the digest of the history.
func (r *Run) HistoryDigest() string {
	if r.Digest != "" {
		return r.Digest
	}
	return r.History.Digest()
}
