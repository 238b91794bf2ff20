package raftkv

import (
	"errors"

	"github.com/hashicorp/raft"
)

// code is how a node answers. Every answer that is not an answer to the operation is either definite,
// which means that the operation certainly was not and will not be applied because of this request, or
// it is not, and then nobody knows.
type code uint8

const (
	codeOK         code = iota + 1
	codeNotLeader       // definite; another node may lead
	codeRefused         // definite; not now
	codeIndefinite      // may have been applied, or may be later
)

func (c code) definite() bool { return c == codeNotLeader || c == codeRefused }

// Outcome is one row of the table that says what an error of the store means for the operation.
type Outcome struct {
	Name     string
	Definite bool   // the operation did not take effect and will not
	Why      string // how we know
	err      error
	code     code
}

// Outcomes is the table. Errors that are not in it are indefinite.
func Outcomes() []Outcome { return outcomes }

var outcomes = []Outcome{
	{"not-leader", true, "the node refused before it appended anything", raft.ErrNotLeader, codeNotLeader},
	{"enqueue-timeout", true, "the command never reached the main loop", raft.ErrEnqueueTimeout, codeRefused},
	{"leadership-transfer", true, "the leader takes nothing while it hands over", raft.ErrLeadershipTransferInProgress, codeRefused},
	{"not-ready", true, "a read was refused: the leader has not committed in its term", errNotReady, codeRefused},
	{"not-confirmed", true, "a read was refused: no majority confirmed the leader in time", errNotConfirmed, codeNotLeader},
	{"not-applied", true, "a read was refused: the state machine did not catch up in time", errNotApplied, codeRefused},
	{"not-fresh", true, "a read was refused: the node could not find out how far behind it is", errNotFresh, codeRefused},
	{"leadership-lost", false, "the entry is in the old leader's log; the next leader may keep it", raft.ErrLeadershipLost, codeIndefinite},
	{"raft-shutdown", false, "returned even for entries that were committed", raft.ErrRaftShutdown, codeIndefinite},
	{"aborted-by-restore", false, "a snapshot was restored over the log meanwhile", raft.ErrAbortedByRestore, codeIndefinite},
}

// classify looks an error up in the table.
func classify(err error) (code, string) {
	for _, o := range outcomes {
		if errors.Is(err, o.err) {
			return o.code, o.Name
		}
	}
	return codeIndefinite, err.Error()
}
