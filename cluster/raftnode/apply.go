package raftnode

import (
	"sync"
	"time"

	"github.com/hashicorp/raft"
)

// Apply has raft replicate a command, and waits until the state machine has answered. The time-out bounds how long the command
// may wait for raft's main loop. It says nothing about how long replication takes.
func (n *Node) Apply(command []byte, enqueue time.Duration) (answer any, index uint64, err error) {
	if !n.calls.begin() {
		return nil, 0, raft.ErrRaftShutdown
	}
	defer n.calls.end()
	future := n.Raft.Apply(command, enqueue)
	if err := future.Error(); err != nil {
		return nil, 0, err
	}
	return future.Response(), future.Index(), nil
}

// calls counts those who wait for raft, so that it is not shut down under them.
type calls struct {
	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

// begin reports whether raft may still be called.
func (c *calls) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.group.Add(1)
	}
	return !c.closed
}

func (c *calls) end() { c.group.Done() }

// close refuses all calls from now on, and waits for those that have begun.
func (c *calls) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.group.Wait()
}
