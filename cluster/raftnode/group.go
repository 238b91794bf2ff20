package raftnode

import (
	"fmt"
	"slices"

	"github.com/hashicorp/raft"
)

// group is the nodes of one log.
type group struct {
	cluster  *Cluster
	names    []string
	ledger   *ledger
	operator operator
}

// group is the one that a node is in.
func (c *Cluster) group(name string) (*group, error) {
	for _, g := range c.groups {
		if slices.Contains(g.names, name) {
			return g, nil
		}
	}
	return nil, fmt.Errorf("there is no node %q", name)
}

// leading is the node that leads in the highest term; nil if none does.
func (g *group) leading() *Node {
	_, p := g.cluster.LeadingOf(g.names)
	return nodeOf(p)
}

// membership is that of the beginning: every node votes.
func (g *group) membership() raft.Configuration {
	var all raft.Configuration
	for _, n := range g.names {
		all.Servers = append(all.Servers, raft.Server{ID: raft.ServerID(n), Address: address(n)})
	}
	return all
}
