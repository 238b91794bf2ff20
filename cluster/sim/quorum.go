package sim

import (
	"slices"
	"time"

	"faultline/cluster/report"
)

// quorum is the record of when some node of each group could reach a majority of it, which a leader needs in most designs.
//
// A node reaches another if both run, neither is paused, and no link between them is cut. Slow links, bad disks and missing
// votes are ignored.
type quorum struct {
	lost    bool
	changes []report.Quorum
}

// Cut cuts a link between nodes.
func (c *Cluster) Cut(from, to string) {
	c.network.Cut(from, to)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.assess()
}

// Mend undoes Cut.
func (c *Cluster) Mend(from, to string) {
	c.network.Mend(from, to)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.assess()
}

// assess notes whether there is a quorum now. The caller holds mu, and has changed what it depends on.
func (c *Cluster) assess() {
	if has := c.hasQuorum(); has == c.quorum.lost {
		c.quorum.lost = !has
		c.quorum.changes = append(c.quorum.changes, report.Quorum{Time: time.Since(c.start), Has: has})
	}
}

func (c *Cluster) hasQuorum() bool {
	return !slices.ContainsFunc(c.machines, func(m *machine) bool { return !c.someoneLeads(m.name) })
}

// someoneLeads reports whether a node of the group that a node is in reaches a majority of it.
func (c *Cluster) someoneLeads(name string) bool {
	for _, leader := range c.machines {
		reached, members := 0, 0
		for _, m := range c.machines {
			if !c.together(m.name, name) {
				continue
			}
			members++
			if leader.responds() && m.responds() && (m == leader || c.network.Linked(leader.name, m.name)) {
				reached++
			}
		}
		if c.together(leader.name, name) && reached > members/2 {
			return true
		}
	}
	return false
}

// together reports whether two machines are of one group.
func (c *Cluster) together(a, b string) bool {
	return len(c.config.Groups) == 0 || slices.ContainsFunc(c.config.Groups, func(group []string) bool {
		return slices.Contains(group, a) && slices.Contains(group, b)
	})
}

// responds reports whether the node runs and is not paused. The caller holds the cluster's mu.
func (m *machine) responds() bool { return m.live != nil && !m.paused }

func (c *Cluster) quorums() []report.Quorum {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.quorum.changes)
}
