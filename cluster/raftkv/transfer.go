package raftkv

import (
	"errors"
	"fmt"

	"github.com/hashicorp/raft"
)

// Transfer has the leader hand over to a node, or with "" to whom raft picks. It does not wait until that has
// happened, or has not: the leader refuses writes meanwhile. Its lease it gives up before.
func (s *System) Transfer(to string) error {
	leader, inc := s.leading()
	if leader == nil {
		return errors.New("no node leads")
	}
	switch to {
	case "":
		if len(s.nodes) == 1 {
			return errors.New("there is no other node")
		}
	case leader.name:
		return fmt.Errorf("%s leads already", to)
	default:
		if _, err := s.node(to); err != nil {
			return err
		}
	}
	inc.server.lease.surrender(inc.raft.CurrentTerm())
	// Raft's answer comes when all is over, and never from a node that is killed meanwhile. It tells nothing that
	// the track of roles does not.
	if to == "" {
		inc.raft.LeadershipTransfer()
	} else {
		inc.raft.LeadershipTransferToServer(raft.ServerID(to), raft.ServerAddress(to+raftPort))
	}
	return nil
}
