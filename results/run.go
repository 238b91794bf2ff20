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
	Statistics checker.Statistics
	Counters   []Counter
	Track      []Transition
	Progress   []Progress // in order of time
	Logs       []NodeLog
	Replay     string // the command that runs it again

	// Counterexamples become pictures when a run is written. They are not read back.
	Counterexamples []checker.Counterexample
	// Messages are nil if the run was not traced. They are not read back with the rest: see ReadMessages.
	Messages []Message

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
	// Role is follower, candidate, leader, down, or paused: what a node becomes while it is paused shows
	// when it goes on, as a transition of its own.
	Role string `json:"role"`
	Term uint64 `json:"term"`
}

// Progress is how far a node was at some instant.
type Progress struct {
	Time     time.Duration `json:"time"` // since the start of the test, in nanoseconds
	Node     string        `json:"node"`
	Last     uint64        `json:"last"`     // index of the last entry in its log
	Commit   uint64        `json:"commit"`   // index up to which it knows entries to be committed
	Applied  uint64        `json:"applied"`  // index of the last entry that its state machine has applied
	Snapshot uint64        `json:"snapshot"` // index of its newest snapshot; 0 if it has none
	// Event is "snapshot taken" or "snapshot installed", where that has just happened. It is empty for the samples that are
	// taken of every running node each 200 ms of the test's time.
	Event string `json:"event,omitempty"`
}

// The events of Progress.
const (
	SnapshotTaken     = "snapshot taken"
	SnapshotInstalled = "snapshot installed"
)

// Message is a request or a response on its way from one to another.
type Message struct {
	ID   int    `json:"id"`   // 1 and up, in the order in which messages were sent
	From string `json:"from"` // a node, "process 7", or "client 7" for one whose operations are no part of the history
	To   string `json:"to"`
	// Kind is AppendEntries, RequestVote, RequestPreVote, InstallSnapshot or TimeoutNow; heartbeat, an AppendEntries with
	// nothing in it; read, write, cas or delete, of a client; confirm or index, questions of a node that serves a
	// read. Responses are AppendEntriesResponse, …, and "heartbeat response", "read response", ….
	Kind     string        `json:"kind"`
	Sent     time.Duration `json:"sent"`     // since the start of the test, in nanoseconds: when its first byte was written
	Received time.Duration `json:"received"` // when its last byte was read by the process that it is for; -1 if it never was
	ReplyTo  int           `json:"reply_to"` // the ID of the request that it answers; 0 for a request
	Term     uint64        `json:"term"`     // 0 where the message has none
	Detail   string        `json:"detail"`   // such as "prev 120/3, entries 121-123, commit 118"
}

// NodeLog is what a node logged.
type NodeLog struct {
	Node string
	Text []byte
}
