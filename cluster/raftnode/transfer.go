package raftnode

import (
	"errors"
	"fmt"

	"github.com/hashicorp/raft"
)

// Yielder is a program that is told when its node, which leads in a term, is about to hand over.
type Yielder interface{ Yields(term uint64) }

// Transfer has the leader hand over to a node, or with "" to whom raft picks. It does not wait until that has
// happened, or has not: the leader refuses writes meanwhile. A program that is a Yielder is told before.
func (c *Cluster) Transfer(to string) error {
	name, program := c.Leading()
	if to != "" {
		g, err := c.group(to)
		if err != nil {
			return err
		}
		name, program = c.LeadingOf(g.names)
	}
	leader := nodeOf(program)
	if leader == nil {
		return errors.New("no node leads")
	}
	switch to {
	case "":
		if len(leader.group.names) == 1 {
			return errors.New("there is no other node")
		}
	case name:
		return fmt.Errorf("%s leads already", to)
	}
	if y, ok := program.(Yielder); ok {
		y.Yields(leader.Raft.CurrentTerm())
	}
	// Raft's answer comes when all is over, and never from a node that is killed meanwhile. It tells nothing that
	// the track of roles does not.
	if to == "" {
		leader.Raft.LeadershipTransfer()
	} else {
		leader.Raft.LeadershipTransferToServer(raft.ServerID(to), address(to))
	}
	return nil
}
