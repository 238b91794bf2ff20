package raftnode

import (
	"errors"

	"github.com/hashicorp/raft"

	"faultline/cluster"
)

// Meaning is what an error means for the operation that it ended.
type Meaning struct {
	cluster.Error
	Err       error
	Elsewhere bool // another node may do the operation
}

// meanings is the table for raft and for reads by the leader.
var meanings = []Meaning{
	{cluster.Error{Name: "not-leader", Definite: true, Why: "the node refused before it appended anything"}, raft.ErrNotLeader, true},
	{cluster.Error{Name: "enqueue-timeout", Definite: true, Why: "the command never reached the main loop"}, raft.ErrEnqueueTimeout, false},
	{cluster.Error{Name: "leadership-transfer", Definite: true, Why: "the leader takes nothing while it hands over"}, raft.ErrLeadershipTransferInProgress, false},
	{cluster.Error{Name: "not-ready", Definite: true, Why: "a read was refused: the leader has not committed in its term"}, ErrNotReady, false},
	{cluster.Error{Name: "not-confirmed", Definite: true, Why: "a read was refused: no majority confirmed the leader in time"}, ErrNotConfirmed, true},
	{cluster.Error{Name: "leadership-lost", Why: "the entry is in the old leader's log; the next leader may keep it"}, raft.ErrLeadershipLost, false},
	{cluster.Error{Name: "raft-shutdown", Why: "returned even for entries that were committed"}, raft.ErrRaftShutdown, false},
	{cluster.Error{Name: "aborted-by-restore", Why: "a snapshot was restored over the log meanwhile"}, raft.ErrAbortedByRestore, false},
}

// Meanings returns the table, with a system's own entries behind.
func Meanings(own ...Meaning) []Meaning {
	return append(meanings[:len(meanings):len(meanings)], own...)
}

// MeaningIn looks an error up in a table. What is not in it is indefinite, and named by what it says.
func MeaningIn(table []Meaning, err error) Meaning {
	for _, m := range table {
		if errors.Is(err, m.Err) {
			return m
		}
	}
	return Meaning{Error: cluster.Error{Name: err.Error()}, Err: err}
}

// Errors is a table for people.
func Errors(table []Meaning) []cluster.Error {
	var all []cluster.Error
	for _, m := range table {
		all = append(all, m.Error)
	}
	return all
}
