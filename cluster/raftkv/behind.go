package raftkv

import "faultline/cluster"

// Behind names the nodes that have not applied what the leader has committed.
func (s *System) Behind() []string {
	_, leader := s.leading()
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, n := range s.nodes {
		if n.live != nil && (leader == nil || s.lags(n, leader)) {
			names = append(names, n.name)
		}
	}
	return names
}

// lags reports whether a node misses what a leader of its cluster has committed.
func (s *System) lags(n *node, leader *incarnation) bool {
	have := leader.raft.GetConfiguration().Configuration()
	return memberOf(have, n.name) != cluster.Outside && n.live.raft.AppliedIndex() < leader.raft.CommitIndex()
}
