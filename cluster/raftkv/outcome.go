package raftkv

import (
	"errors"

	"github.com/hashicorp/raft"

	"faultline/cluster"
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

// outcome is what an error of the store means for the operation, and how a node answers then.
type outcome struct {
	cluster.Error
	err  error
	code code
}

// errorTable is the table for people.
func errorTable() []cluster.Error {
	var all []cluster.Error
	for _, o := range outcomes {
		all = append(all, o.Error)
	}
	return all
}

// outcomes is the table. Errors that are not in it are indefinite.
var outcomes = []outcome{
	{cluster.Error{Name: "not-leader", Definite: true, Why: "the node refused before it appended anything"}, raft.ErrNotLeader, codeNotLeader},
	{cluster.Error{Name: "enqueue-timeout", Definite: true, Why: "the command never reached the main loop"}, raft.ErrEnqueueTimeout, codeRefused},
	{cluster.Error{Name: "leadership-transfer", Definite: true, Why: "the leader takes nothing while it hands over"}, raft.ErrLeadershipTransferInProgress, codeRefused},
	{cluster.Error{Name: "not-ready", Definite: true, Why: "a read was refused: the leader has not committed in its term"}, errNotReady, codeRefused},
	{cluster.Error{Name: "not-confirmed", Definite: true, Why: "a read was refused: no majority confirmed the leader in time"}, errNotConfirmed, codeNotLeader},
	{cluster.Error{Name: "not-applied", Definite: true, Why: "a read was refused: the state machine did not catch up in time"}, errNotApplied, codeRefused},
	{cluster.Error{Name: "not-fresh", Definite: true, Why: "a read was refused: the node could not find out how far behind it is"}, errNotFresh, codeRefused},
	{cluster.Error{Name: "leadership-lost", Why: "the entry is in the old leader's log; the next leader may keep it"}, raft.ErrLeadershipLost, codeIndefinite},
	{cluster.Error{Name: "raft-shutdown", Why: "returned even for entries that were committed"}, raft.ErrRaftShutdown, codeIndefinite},
	{cluster.Error{Name: "aborted-by-restore", Why: "a snapshot was restored over the log meanwhile"}, raft.ErrAbortedByRestore, codeIndefinite},
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
