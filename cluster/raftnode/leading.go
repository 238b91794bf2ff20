package raftnode

import (
	"errors"
	"time"

	"github.com/hashicorp/raft"
)

// Reasons for which a node does not read.
var (
	ErrNotReady     = errors.New("leader has not committed in its term")
	ErrNotConfirmed = errors.New("leadership not confirmed")
)

// Lead has the node call commit whenever it becomes leader, again and again until it has succeeded once, or the node does not lead
// any more. With that all that came before is committed, and Leads says so. Lead itself does not wait.
func (n *Node) Lead(commit func() error) {
	n.goroutines.Go(func() {
		for {
			select {
			case leads := <-n.led:
				n.ready.Store(0)
				if leads {
					n.goroutines.Go(func() { n.becomeReady(commit) })
				}
			case <-n.stop:
				return
			}
		}
	})
}

const readyRetry = 10 * time.Millisecond

// becomeReady commits a command and notes the term, if that is certain: the command was appended in
// some term between the two at which the term was read.
func (n *Node) becomeReady(commit func() error) {
	for {
		before := n.Raft.CurrentTerm()
		err := commit()
		switch after := n.Raft.CurrentTerm(); {
		case err == nil && before == after:
			n.ready.Store(after)
			return
		case n.Raft.State() != raft.Leader, errors.Is(err, raft.ErrRaftShutdown):
			return
		}
		time.Sleep(readyRetry)
	}
}

// Ready is the term in which this node leads, or led, and has committed something; 0 before that.
func (n *Node) Ready() uint64 { return n.ready.Load() }

// Leads returns the term in which this node leads and has committed something. The error is raft.ErrNotLeader or ErrNotReady.
func (n *Node) Leads() (term uint64, err error) {
	term = n.ready.Load()
	if n.Raft.State() != raft.Leader {
		return 0, raft.ErrNotLeader
	}
	if term == 0 || term != n.Raft.CurrentTerm() {
		return 0, ErrNotReady
	}
	return term, nil
}

// Verify leaves it to raft to confirm that this node leads. Raft's VerifyLeader sends heartbeats, and counts the answers
// that come from then on, to whatever they are answers: one to a message that was sent long before says nothing
// of the time since.
func (n *Node) Verify() error {
	if _, err := n.Leads(); err != nil {
		return err
	}
	if !n.calls.begin() {
		return raft.ErrRaftShutdown
	}
	defer n.calls.end()
	if err := n.Raft.VerifyLeader().Error(); err != nil {
		return ErrNotConfirmed
	}
	return nil
}
