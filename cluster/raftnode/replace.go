package raftnode

import (
	"fmt"
	"time"

	"faultline/cluster"
)

// replaceLimit is how long a replacement waits until the removal is committed and everywhere.
const replaceLimit = 2 * time.Second

// Replace takes a node out of the cluster and puts a machine of the same name in its place that has nothing on its
// disk. That must wait until a leader has committed the removal: a voter that forgets what it has stored and whom
// it has voted for, and still counts, can help to lose what was acknowledged, and to elect a second leader of a
// term. And since a message says no more than the name of the machine it is for, it must wait until all others have the
// removal in their logs. If that is not so in time, or cannot be as one of them is down, the node stays, and the error
// says so.
//
// Without the second: n2, n3 and n5 are the cluster. n1 and n4 are added, n3 is removed and replaced, and n5 has
// heard of nothing. All others crash but n3, which knows nothing; n5 is elected by the two of three that it knows
// of, and what was acknowledged meanwhile is lost.
func (c *Cluster) Replace(name string) error {
	if err := c.Awake(name); err != nil {
		return err
	}
	g, err := c.group(name)
	if err != nil {
		return err
	}
	if err := c.Become(name, cluster.Outside); err != nil {
		return err
	}
	start := time.Now()
	switch {
	case !within(replaceLimit, func() bool { return !g.changing() }):
		err = fmt.Errorf("no leader has removed %s within %v", name, replaceLimit)
	case !within(replaceLimit-time.Since(start), func() bool { return g.forgotten(name) }):
		err = fmt.Errorf("not all others had heard within %v that %s was removed", replaceLimit, name)
	default:
		err = c.Renew(name)
	}
	_ = c.Become(name, cluster.Voter) // it fails for a node that there is not
	return err
}

// forgotten reports whether all other nodes run and know that a node is no member.
func (g *group) forgotten(name string) bool {
	for _, n := range g.names {
		if n == name {
			continue
		}
		node := g.cluster.node(n)
		if node == nil || node.MembershipOf(name) != cluster.Outside {
			return false
		}
	}
	return true
}

// within waits for a condition, for a while.
func within(limit time.Duration, holds func() bool) bool {
	for begin := time.Now(); time.Since(begin) < limit; time.Sleep(operatorPause) {
		if holds() {
			return true
		}
	}
	return holds()
}
