package raftnode

import (
	"net"

	"github.com/hashicorp/raft"
)

// Parts are what raft runs on in one process of a node, and what it replicates. Whoever plants a bug puts another part in the
// place of one that Node.Parts has returned.
type Parts struct {
	FSM      raft.FSM
	Logs     raft.LogStore
	Stable   raft.StableStore
	Listener net.Listener       // that raft's peers connect to
	Tune     func(*raft.Config) // changes raft's settings; nil if they stay

	// Result is the fingerprint of what FSM.Apply returned, if it can be compared, and State that of the state. All nodes have
	// to come to the same ones. Nil has them not compared.
	Result func(any) (uint64, bool)
	State  func() uint64
}

// Parts are those of a node as it should be, with a state machine of which nothing is compared.
func (n *Node) Parts(fsm raft.FSM) Parts {
	parts := Parts{FSM: fsm, Logs: n.Store, Stable: n.Store, Listener: n.listener}
	if n.cluster.config.NoSync {
		parts.Logs = n.Store.Unsynced()
	}
	if !n.cluster.config.SurviveCut {
		parts.Logs = &cutLog{LogStore: parts.Logs, die: func() { n.Process.Die("failed to write what follows where the log was cut") }}
	}
	return parts
}
