// Package quorum is a key-value store without a leader, on the simulated machines of cluster/sim: the design of Dynamo (DeCandia and others
// 2007), Cassandra and Riak (Kleppmann, Distributed Systems, lectures 5 and 7; Kleppmann and Riccomini, Designing Data-Intensive
// Applications, 2nd edition, chapter 6), and the register of Attiya, Bar-Noy and Dolev (1995), which is the same design
// with one step more.
//
// Each key has N replicas: the node at its place on a ring of hashes, and those that follow. A client asks whatever node is near, which
// coordinates: it tells all replicas of a write and waits for W of them, and asks all for a read and waits for R. If R + W > N a read
// meets each write that was acknowledged before. What a replica has acknowledged is synced.
//
// That is not enough for linearizability. A write that goes on, or whose coordinator died, is on some replicas only: one read meets it
// and a later one does not. So a read of ABD sees to it that W replicas have what it returns before it returns it. And
// it is not enough for anything if the times that decide which write is the last come from clocks that differ.
//
// Replicas that have missed something get it by read repair, by hints that other nodes have kept for them, and in the end by
// anti-entropy: nodes compare digests in pairs. There are no deletes, as they need tombstones.
package quorum

import (
	"slices"

	"faultline/cluster"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/versioned"
)

// system is a cluster of replicas.
type system struct {
	*sim.Cluster
	config *Config
	mode   mode
	sizes  sizes
	plant  func(*replica) // plants the bug, if there is one
}

var _ cluster.Replicas = (*system)(nil)

const port = "7000" // where nodes answer each other and clients

func open(env cluster.Env) (cluster.System, error) {
	s := &system{config: env.Config.(*Config), mode: modes.Called(env.Mode), plant: bugs.Planting(env.Bug)}
	s.sizes = s.config.sizes(env.Nodes)
	var err error
	s.Cluster, err = sim.New(rpc.Machines(env, s.config.Hardware, s.boot, crashPoints, port))
	return s, err
}

// Faults are those of every machine. No node leads.
func (s *system) Faults() cluster.Faults { return s.Cluster.Faults() }

// Open returns a client on a host of its own.
func (s *system) Open(id int, near string) cluster.Client {
	return versioned.NewClient(rpc.NewClient(s.Client(id), port, s.Nodes(), near, s.config.Client))
}

// Behind names the nodes that have not heard of a write which another replica has, and those that keep hints for others.
func (s *system) Behind() (names []string) {
	running := map[string]*replica{}
	newest := map[string]versioned.Object{}
	for _, node := range s.Nodes() {
		r, ok := s.Program(node).(*replica)
		if !ok {
			continue
		}
		running[node] = r
		for key, o := range r.shared(func(key string) bool { return slices.Contains(s.home(key), node) }) {
			newest[key] = s.mode.rule(newest[key], o)
		}
	}
	for _, node := range s.Nodes() {
		if r := running[node]; r != nil && r.lacks(newest) {
			names = append(names, node)
		}
	}
	return names
}
