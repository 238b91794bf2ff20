// Package multileader is a key-value store in which every node leads, on the simulated machines of cluster/sim: a node takes a write, syncs it,
// acknowledges it and tells the others later. So do databases with a leader in each region, and applications that work offline
// (Kleppmann and Riccomini, Designing Data-Intensive Applications, 2nd edition, chapter 6; Kleppmann, Distributed Systems, lecture 7).
//
// A client is served by the node that is near, also while that is cut off from all others. What it costs is conflicts: two nodes take writes
// of one key and neither knows of the other's. Either one of them is discarded, which had been acknowledged, or both are kept as
// siblings.
//
// Each node has a log of the updates that it knows of, its own and those of others, and tells its neighbours in the topology what they lack.
// Where updates travel on one way only, as in a ring or a star, they arrive after what they depend on, since each node passes them on in
// the order of its log. In a full mesh they come from their origins directly, and a reply may arrive before the question. Causal delivery
// holds it back until what it depends on is there.
package multileader

import (
	"slices"

	"faultline/cluster"
	"faultline/cluster/logical"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/versioned"
)

// system is a cluster of leaders.
type system struct {
	*sim.Cluster
	config *Config
	mode   mode
	plant  func(*leader) // plants the bug, if there is one
}

var _ cluster.Replicas = (*system)(nil)

const port = "7000" // where nodes answer each other and clients

func open(env cluster.Env) (cluster.System, error) {
	s := &system{config: env.Config.(*Config), mode: modes.Called(env.Mode), plant: bugs.Planting(env.Bug)}
	var err error
	s.Cluster, err = sim.New(rpc.Machines(env, s.config.Hardware, s.boot, crashPoints, port))
	return s, err
}

// Open returns a client on a host of its own.
func (s *system) Open(id int, near string) cluster.Client {
	return versioned.NewClient(rpc.NewClient(s.Client(id), port, s.Nodes(), near, s.config.Client))
}

// Behind names the nodes that lack an update which another one has.
func (s *system) Behind() (names []string) {
	all := logical.Vector{}
	has := map[string]logical.Vector{}
	for _, node := range s.Nodes() {
		if l, ok := s.Program(node).(*leader); ok {
			has[node] = l.known()
			all.Merge(has[node])
		}
	}
	for _, node := range s.Nodes() {
		if v, runs := has[node]; runs && v.Compare(all) != logical.Equal {
			names = append(names, node)
		}
	}
	return names
}

// neighbours are the nodes that a node tells of updates.
func (s *system) neighbours(node string) []string {
	nodes := s.Nodes()
	others := slices.DeleteFunc(slices.Clone(nodes), func(other string) bool { return other == node })
	switch s.config.Topology {
	case ring:
		return s.after(node)
	case star:
		if node != nodes[0] {
			return nodes[:1]
		}
	}
	return others
}

// after is the next node of the ring, if there are two.
func (s *system) after(node string) []string {
	nodes := s.Nodes()
	next := nodes[(slices.Index(nodes, node)+1)%len(nodes)]
	if next == node {
		return nil
	}
	return []string{next}
}
