// Package report says what a system recorded about itself while it was tested: which node had which role, how far each node
// was, what was said on the network, and which of its own rules were broken. Clients see none of that.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Report is what a system recorded about itself.
type Report struct {
	Counters []Counter    `json:"counters"`         // in a fixed order
	Groups   [][]string   `json:"groups,omitempty"` // the nodes that replicate among themselves; none if all do
	Track    []Transition `json:"track"`            // in order of time of each node
	TermNoun string       `json:"term_noun"`        // what the system calls a term, see cluster.Kind; empty in reports of earlier versions
	Progress []Progress   `json:"progress"`         // in order of time
	Quorum   []Quorum     `json:"quorum"`           // in order; there is none at first
	Logs     []NodeLog    `json:"logs"`             // in the order of Nodes
	// Messages are the messages in the order in which they were sent; nil unless the system was asked to record them. A
	// client is called "client 7", by the number that it was opened with.
	Messages []Message `json:"messages"`
	Untraced int64     `json:"untraced"` // writes to the network beyond the bounds of what is recorded
	// Violations are breaches of the system's own invariants, in order of time.
	Violations []Violation `json:"violations"`
	// InDoubt are the transactions that were in doubt for longer than an answer takes, in order of time.
	InDoubt []InDoubt `json:"in_doubt,omitempty"`
	// Byzantine are the nodes that lied: what they said says nothing about the design.
	Byzantine []string `json:"byzantine,omitempty"`
	// Refused is what nodes wanted to do, other than at the start, and cannot do in a world. What comes of it says nothing about the store.
	Refused []Refusal `json:"refused,omitempty"`
}

// Term names a term in the system's own word: "term 4", "epoch 4".
func (r *Report) Term(n uint64) string { return fmt.Sprintf("%s %d", r.TermWord(), n) }

// TermWord is the system's own word for a term.
func (r *Report) TermWord() string { return cmp.Or(r.TermNoun, "term") }

// InDoubt is a transaction that a node could neither commit nor abort for a while, as it did not know what the coordinator has
// decided. What it has locked stays locked meanwhile.
type InDoubt struct {
	Transaction string        `json:"transaction"`
	Node        string        `json:"node"`
	Coordinator string        `json:"coordinator"` // whose decision it waits for
	Since       time.Duration `json:"since"`       // since the start of the test, in nanoseconds
	Until       time.Duration `json:"until"`       // -1 if it was so to the end
}

// Violation is a breach of one of the system's own invariants. Clients may not have seen it.
type Violation struct {
	Time time.Duration `json:"time"` // since the start of the test, in nanoseconds
	Node string        `json:"node"` // where it came to light
	Rule string        `json:"rule"` // such as "election safety"
	Text string        `json:"text"`
}

// Refusal is something that a node wanted to do and cannot do in a world.
type Refusal struct {
	Time time.Duration `json:"time"` // since the start of the test, in nanoseconds
	Node string        `json:"node"`
	What string        `json:"what"` // as in "make a pipe"
}

// Counter is a number with a name, such as "elections".
type Counter struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// Sum adds counters of the same name. New names are appended.
func Sum(sum, more []Counter) []Counter {
	for _, m := range more {
		k := slices.IndexFunc(sum, func(c Counter) bool { return c.Name == m.Name })
		if k < 0 {
			sum = append(sum, m)
		} else {
			sum[k].Value += m.Value
		}
	}
	return sum
}

// Transition is one change of a node's role, or of the term that it knows of: most nodes learn of a new term in the role that
// they have.
type Transition struct {
	Time time.Duration `json:"time"` // since the start of the test, in nanoseconds
	Node string        `json:"node"`
	// Role is follower, candidate, leader, down or paused. What a paused node becomes, and in which term, shows when it goes on.
	Role string `json:"role"`
	Term uint64 `json:"term"` // from then on
}

// Progress is how far a node was at some instant. The indices are those of log entries; 0 stands for none.
type Progress struct {
	Time     time.Duration `json:"time"` // since the start of the test, in nanoseconds
	Node     string        `json:"node"`
	Last     uint64        `json:"last"`            // the last in its log
	Commit   uint64        `json:"commit"`          // up to which it knows entries to be committed
	Applied  uint64        `json:"applied"`         // the last that its state machine has applied
	Snapshot uint64        `json:"snapshot"`        // of its newest snapshot
	Event    string        `json:"event,omitempty"` // what has just happened, such as SnapshotTaken; empty for a sample
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
	// Kind names what is asked, in the words of the system's protocol: AppendEntries, RequestVote, read, write. The answer to
	// a read is a "read response".
	Kind     string        `json:"kind"`
	Sent     time.Duration `json:"sent"`     // since the start of the test, in nanoseconds: when its first byte was written
	Received time.Duration `json:"received"` // when its last byte was read by the process that it is for; -1 if it never was
	ReplyTo  int           `json:"reply_to"` // the ID of the request that it answers; 0 for a request
	Term     uint64        `json:"term"`     // 0 where the message has none
	Detail   string        `json:"detail"`   // such as "prev 120/3, entries 121-123, commit 118"
	// Clock is what logical clocks showed and where, as text: "n1: L 17, …". They may be those of another node, whose message the
	// sender passes on. It is empty if the message bears none.
	Clock string `json:"clock,omitempty"`
}

// Quorum is a moment from which some node can, or none can, reach a majority.
type Quorum struct {
	Time time.Duration `json:"time"` // since the start of the test, in nanoseconds
	Has  bool          `json:"has"`
}

// NodeLog is what a node wrote to its log, each line with the virtual time at its start.
type NodeLog struct {
	Node string `json:"node"`
	Text []byte `json:"text"`
}
