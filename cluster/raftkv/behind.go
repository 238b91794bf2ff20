package raftkv

import "faultline/cluster"

// Behind names the nodes that have not applied what the leader has committed. Until a leader has committed something in its own
// term it does not know what its predecessors have, so that all are behind: a node that was paused while the others went on
// can be elected with a commit index of long ago, as its log has what they acknowledged.
func (s *System) Behind() []string {
	leader := s.leading()
	if leader != nil {
		if _, err := leader.server.leads(); err != nil {
			leader = nil
		}
	}
	var names []string
	for _, n := range s.nodes {
		if r := s.replica(n); r != nil && (leader == nil || r.lags(leader)) {
			names = append(names, n)
		}
	}
	return names
}

// lags reports whether a node misses what a leader of its cluster has committed.
func (r *replica) lags(leader *replica) bool {
	have := leader.raft.GetConfiguration().Configuration()
	return memberOf(have, r.process.Node()) != cluster.Outside && r.raft.AppliedIndex() < leader.raft.CommitIndex()
}
