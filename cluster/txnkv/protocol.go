package txnkv

import (
	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/history"
)

// What a client asks a node for, in addition to the steps of a transaction, which go by their verbs. A client sends a request again if
// there is no answer; the leader knows it by its number.
const (
	asksBegin    = "begin"
	asksCommit   = "commit"
	asksRollback = "rollback"
	asksSnapshot = "snapshot" // which is there to read here, without a transaction?
	asksLook     = "look"     // what does a step read from a snapshot?
	asksPrepare  = "prepare"  // of a coordinator to a participant: will you commit whatever happens?
	asksDecide   = "decide"   // of a coordinator to a participant: commit it, or abort it
	asksOutcome  = "outcome"  // of a participant to a coordinator: what was decided?
	asksClose    = "close"    // of a coordinator to a participant: give no timestamp up to this any more
	asksReadAt   = "read-at"  // what does a step read that was committed up to a timestamp?
	asksWaits    = "waits"    // of a leader to another: who waits for whom?
	asksConfirm  = "confirm"  // of a node to another: does it know of a later term?
)

// request is the body of what a client asks for a transaction.
type request struct {
	Txn  id     `json:"txn"`
	Term uint64 `json:"-"`             // in which the transaction began; 0 before that. It is that of the message.
	Seq  uint64 `json:"seq,omitempty"` // of a step or the commit: 1, 2, …
	Step step   `json:"step,omitzero"`
	At   stamp  `json:"at,omitempty"` // the snapshot of a look or a begin, or a timestamp

	Branches    []participant `json:"branches,omitempty"`   // of a commit: the others
	Coordinator participant   `json:"coordinator,omitzero"` // of a prepare
	Commit      bool          `json:"commit,omitempty"`     // of a decision
}

// participant is a branch of a transaction: its shard, the term of the leader there, and the number of the next request to it.
type participant struct {
	Shard int    `json:"shard"`
	Term  uint64 `json:"term"`
	Seq   uint64 `json:"seq,omitempty"`
}

// step is an ops.Step on its way.
type step struct {
	Kind  ops.StepKind `json:"kind"`
	Key   string       `json:"key"`
	Value string       `json:"value,omitempty"` // JSON, which may be padded
}

// answer is what came of a request. A transaction that is aborted has ended for certain, without effect.
type answer struct {
	Aborted string `json:"aborted,omitempty"` // why
	Term    uint64 `json:"term,omitempty"`    // of a begin
	Value   string `json:"value,omitempty"`   // what a step has read, as JSON
	Index   uint64 `json:"index,omitempty"`   // of a commit or a snapshot, also that of a begin; or the timestamp of a prepare or an outcome
	Waits   bool   `json:"waits,omitempty"`   // of a prepare: the participant waits for the decision
	Commit  bool   `json:"commit,omitempty"`  // of an outcome

	Edges []waitsFor `json:"edges,omitempty"` // who waits for whom
}

// onTheWay is a step as it is sent.
func onTheWay(s ops.Step, padding int) step {
	sent := step{Kind: s.Kind, Key: s.Key}
	if s.Writes() {
		sent.Value = cluster.Pad(s.Value.String(), padding)
	}
	return sent
}

// outcome is what a client makes of an answer.
func (a answer) outcome() cluster.Outcome {
	if a.Aborted != "" {
		return cluster.Outcome{Type: history.Fail, Error: a.Aborted}
	}
	out := cluster.Outcome{Type: history.OK, LogIndex: a.Index}
	if a.Value != "" {
		out.Value = objects.Parsed(a.Value)
	}
	return out
}
