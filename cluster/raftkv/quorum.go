package raftkv

import (
	"slices"
	"time"

	"faultline/cluster/report"
)

// quorum is the record of when some node could reach a majority: what has to be for anybody to lead.
//
// A node counts that runs, is not paused, and has links to and from whoever is to follow it. Slow links, bad disks and
// nodes without a vote do not count against it.
type quorum struct {
	lost    bool
	changes []report.Quorum
}

// Cut cuts a link between nodes.
func (s *System) Cut(from, to string) {
	s.network.Cut(from, to)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assess()
}

// Mend undoes Cut.
func (s *System) Mend(from, to string) {
	s.network.Mend(from, to)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assess()
}

// assess notes whether there is a quorum now. The caller holds mu, and has changed what it depends on.
func (s *System) assess() {
	if has := s.hasQuorum(); has == s.quorum.lost {
		s.quorum.lost = !has
		s.quorum.changes = append(s.quorum.changes, report.Quorum{Time: time.Since(s.track.start), Has: has})
	}
}

func (s *System) hasQuorum() bool {
	for _, leader := range s.nodes {
		reached := 0
		for _, n := range s.nodes {
			if leader.responds() && n.responds() && (n == leader || s.network.Linked(leader.name, n.name)) {
				reached++
			}
		}
		if reached > len(s.nodes)/2 {
			return true
		}
	}
	return false
}

// responds reports whether the node runs and is not paused. The caller holds the system's mu.
func (n *node) responds() bool { return n.live != nil && !n.paused }

func (s *System) quorums() []report.Quorum {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.quorum.changes)
}
