package raftkv

import (
	"errors"
	"fmt"

	"github.com/hashicorp/raft"
)

// Transfer has the leader hand over to a node, or with "" to whom raft picks. It does not wait until that has
// happened, or has not: the leader refuses writes meanwhile. Its lease it gives up before.
func (s *System) Transfer(to string) error {
	leader := s.leading()
	if leader == nil {
		return errors.New("no node leads")
	}
	switch to {
	case "":
		if len(s.nodes) == 1 {
			return errors.New("there is no other node")
		}
	case leader.process.Node():
		return fmt.Errorf("%s leads already", to)
	default:
		if _, err := s.index(to); err != nil {
			return err
		}
	}
	leader.server.lease.surrender(leader.raft.CurrentTerm())
	// Raft's answer comes when all is over, and never from a node that is killed meanwhile. It tells nothing that
	// the track of roles does not.
	if to == "" {
		leader.raft.LeadershipTransfer()
	} else {
		leader.raft.LeadershipTransferToServer(raft.ServerID(to), address(to))
	}
	return nil
}
