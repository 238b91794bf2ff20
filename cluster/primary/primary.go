// Package primary is a key-value store with a primary and backups (Alsberg and Day 1976), on the simulated machines of cluster/sim. It
// is the design of which courses ask what a failover takes (Kleppmann, Distributed Systems, lectures 5 and 6; Kleppmann and
// Riccomini, Designing Data-Intensive Applications, 2nd edition, chapter 6).
//
// A primary puts commands in its log and tells the backups. It acknowledges a write when as many of them have it as the mode asks
// for: none, some, or all that it does not suspect. A backup that suspects the primary takes over in the next epoch. What a node
// must not forget is synced before anybody is told.
//
// What a wrong suspicion does is up to fencing. Without it the old primary goes on until it happens to hear of the new one, and what
// it has acknowledged meanwhile is discarded. With it a primary is one by leave of a majority, for each write and each read;
// and then this is what Viewstamped Replication and Raft do. The log is never compacted, as a test takes minutes.
package primary

import (
	"fmt"

	"faultline/cluster"
	"faultline/cluster/sim"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

// system is a primary with its backups.
type system struct {
	*sim.Cluster
	config *Config
	mode   mode
	plant  func(*replica) // plants the bug, if there is one
}

var _ cluster.Replicas = (*system)(nil)

const port = "7000" // where nodes answer each other and clients

func open(env cluster.Env) (cluster.System, error) {
	s := &system{config: env.Config.(*Config), mode: modes.Called(env.Mode), plant: bugs.Planting(env.Bug)}
	var err error
	s.Cluster, err = sim.New(rpc.Machines(env, s.config.Hardware, s.boot, crashPoints, port))
	return s, err
}

// Faults are those of every machine, but of its clock: nothing here goes by it.
func (s *system) Faults() cluster.Faults {
	f := s.Cluster.Faults()
	f.Leadership, f.Clocks = s, nil
	return f
}

// Behind names the nodes that differ from the primary.
func (s *system) Behind() []string { return s.BehindLeader() }

// Standing implements sim.Follower.
func (r *replica) Standing() string {
	r.Lock()
	defer r.Unlock()
	return fmt.Sprintf("epoch %d, log %v, committed %d", r.epoch, r.log.End(), r.committed)
}

// Settled implements sim.Follower.
func (r *replica) Settled() bool {
	r.Lock()
	defer r.Unlock()
	return r.committed == r.log.Length()
}

// Open returns a client on a host of its own.
func (s *system) Open(id int, near string) cluster.Client {
	return kv.Client{Client: rpc.NewClient(s.Client(id), port, s.Nodes(), near, s.config.Client), ID: uint64(id) + 1}
}
