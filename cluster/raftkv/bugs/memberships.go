package bugs

import (
	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/raftkv"
)

// Bugs in who counts.
var memberships = []bug{
	{Bug: cluster.Bug{
		Name:    "membership-forgotten",
		Summary: "a node that restarts uses the membership of the start of the cluster, until the next change",
		Why: "It counts votes and acknowledgements against a quorum that no longer is one: with removed nodes it elects itself, while the " +
			"remaining nodes have another leader.",
		File:    "cluster/raftkv/bugs/memberships.go",
		Nemesis: []string{"membership"}},
		parts: raftkv.Parts{Logs: func(n *raftkv.Node, l raft.LogStore) raft.LogStore { return &sinceBoot{l, n} }}},
}

// sinceBoot hides all changes of membership from raft while it starts. The first entry is the first membership.
type sinceBoot struct {
	raft.LogStore
	node *raftkv.Node
}

func (s *sinceBoot) GetLog(index uint64, l *raft.Log) error {
	err := s.LogStore.GetLog(index, l)
	if s.node.Raft() == nil && l.Type == raft.LogConfiguration && index > 1 {
		l.Type, l.Data = raft.LogNoop, nil
	}
	return err
}
