package raftnode

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
)

// operator makes the membership what is wanted, as the person or the program does that runs such a cluster: it
// asks whoever leads for one change at a time, and again if the leader was deposed before it was committed. It works while
// anything is to be done, and asks raft in the node's own process: no network stands between.
type operator struct {
	mu      sync.Mutex
	want    []cluster.Membership // of each node
	changes int                  // how often what is wanted has changed
	working bool

	stop  chan struct{}
	group sync.WaitGroup
}

const (
	// operatorPause is how long it waits between looks. It is no round number, for its instants to be its own.
	operatorPause = 23_017_301 * time.Nanosecond
	// operatorPatience is how long it waits for a leader to take a change.
	operatorPatience = 200 * time.Millisecond
)

// Become lets a node become a voter, a nonvoter, or no member at all. It does not wait until a leader has
// committed that, however long there is none. Of several groups each keeps a majority of voters: who asks counts all nodes.
func (c *Cluster) Become(name string, as cluster.Membership) error {
	g, err := c.group(name)
	if err != nil {
		return err
	}
	o := &g.operator
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.want == nil {
		o.want = slices.Repeat([]cluster.Membership{cluster.Voter}, len(g.names))
		o.stop = make(chan struct{})
	}
	n := slices.Index(g.names, name)
	if len(c.groups) > 1 && o.want[n] == cluster.Voter && as != cluster.Voter && !g.sparesVoter() {
		return fmt.Errorf("of the %d nodes that have a log with %s, %d must stay voters", len(g.names), name, len(g.names)/2+1)
	}
	o.want[n] = as
	o.changes++
	if !o.working {
		o.working = true
		o.group.Go(g.operate)
	}
	return nil
}

// sparesVoter reports whether a majority is left without one of those that are wanted as voters. The caller holds the operator's mu.
func (g *group) sparesVoter() bool {
	voters := 0
	for _, as := range g.operator.want {
		if as == cluster.Voter {
			voters++
		}
	}
	return voters > len(g.names)/2+1
}

// Changing reports whether a change of membership is wanted that is not committed yet.
func (c *Cluster) Changing() bool {
	return slices.ContainsFunc(c.groups, (*group).changing)
}

func (g *group) changing() bool {
	g.operator.mu.Lock()
	defer g.operator.mu.Unlock()
	return g.operator.working
}

// halt ends the operator's work, done or not.
func (o *operator) halt() {
	if o.stop != nil {
		close(o.stop)
		o.group.Wait()
	}
}

func (g *group) operate() {
	o := &g.operator
	var seen view
	for {
		o.mu.Lock()
		want, changes := slices.Clone(o.want), o.changes
		o.mu.Unlock()
		if g.reconcile(want, &seen) {
			o.mu.Lock()
			if done := o.changes == changes; done {
				o.working = false
				o.mu.Unlock()
				return
			}
			o.mu.Unlock()
		}
		pause := time.NewTimer(operatorPause)
		select {
		case <-pause.C:
		case <-o.stop:
			pause.Stop()
			return
		}
	}
}

// view is when a leader was first seen with the membership that is wanted in its log.
type view struct {
	leader *Node
	term   uint64
	index  uint64 // the last in its log then
}

// reconcile asks for the next change, if one is left, and reports whether what is wanted is committed: the leader
// in whose log it was found has committed, in the same term, all that its log held then.
func (g *group) reconcile(want []cluster.Membership, seen *view) bool {
	leader := g.leading()
	if leader == nil {
		return false
	}
	have := leader.Raft.GetConfiguration().Configuration()
	if n := g.nextChange(want, have); n >= 0 {
		*seen = view{}
		g.change(leader.Raft, g.names[n], want[n], memberOf(have, g.names[n]))
		return false
	}
	term := leader.Raft.CurrentTerm()
	if seen.leader != leader || seen.term != term {
		*seen = view{leader, term, leader.Raft.LastIndex()}
	}
	return leader.Raft.CommitIndex() >= seen.index && leader.Raft.State() == raft.Leader
}

// nextChange is the first node that is not what it is wanted to be, new voters first: with each the cluster
// can afford to lose more. It is -1 if there is none.
func (g *group) nextChange(want []cluster.Membership, have raft.Configuration) int {
	first := -1
	for i, n := range g.names {
		switch is := memberOf(have, n); {
		case is == want[i]:
		case want[i] == cluster.Voter:
			return i
		case first < 0:
			first = i
		}
	}
	return first
}

// change asks a leader for a change, and leaves it to the next look to see what came of it.
func (g *group) change(leader *raft.Raft, name string, to, is cluster.Membership) {
	id, address := raft.ServerID(name), address(name)
	switch {
	case to == cluster.Voter:
		leader.AddVoter(id, address, 0, operatorPatience)
	case to == cluster.Outside:
		leader.RemoveServer(id, 0, operatorPatience)
	case is == cluster.Voter:
		leader.DemoteVoter(id, 0, operatorPatience)
	default:
		leader.AddNonvoter(id, address, 0, operatorPatience)
	}
}

// MembershipOf is what a node is, by the latest configuration in this node's log.
func (n *Node) MembershipOf(name string) cluster.Membership {
	return memberOf(n.Raft.GetConfiguration().Configuration(), name)
}

// Voters are those of the latest configuration in this node's log.
func (n *Node) Voters() []string {
	servers := n.Raft.GetConfiguration().Configuration().Servers
	names := make([]string, 0, len(servers))
	for _, m := range servers {
		if m.Suffrage == raft.Voter {
			names = append(names, string(m.ID))
		}
	}
	return names
}

func memberOf(c raft.Configuration, name string) cluster.Membership {
	for _, m := range c.Servers {
		switch {
		case string(m.ID) != name:
		case m.Suffrage == raft.Voter:
			return cluster.Voter
		default:
			return cluster.Nonvoter
		}
	}
	return cluster.Outside
}
