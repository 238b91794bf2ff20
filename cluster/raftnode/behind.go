package raftnode

import "faultline/cluster"

// Behind names the nodes that have not applied what the leader has committed. Until a leader has committed something in its own
// term it does not know what its predecessors have, so that all are behind: a node that was paused while the others went on
// can be elected with a commit index of long ago, as its log has what they acknowledged.
func (c *Cluster) Behind() []string {
	var names []string
	for _, g := range c.groups {
		names = append(names, g.behind()...)
	}
	return names
}

func (g *group) behind() (names []string) {
	leader := g.leading()
	if leader != nil {
		if _, err := leader.Leads(); err != nil {
			leader = nil
		}
	}
	for _, n := range g.names {
		if node := g.cluster.node(n); node != nil && (leader == nil || node.lags(leader)) {
			names = append(names, n)
		}
	}
	return names
}

// lags reports whether a node misses what a leader of its cluster has committed.
func (n *Node) lags(leader *Node) bool {
	return leader.MembershipOf(n.Process.Node()) != cluster.Outside && n.Raft.AppliedIndex() < leader.Raft.CommitIndex()
}
