// Package paxos is a key-value store on Multi-Paxos, on the simulated machines of cluster/sim: the consensus that Lamport described in The
// Part-Time Parliament (1998) and Paxos Made Simple (2001), built as in Paxos Made Moderately Complex (van Renesse and Altinbuken 2015).
//
// Commands are put into slots 1, 2, … Each slot is an instance of consensus: one value is chosen for it. All replicas carry out the
// chosen values in the order of slots. A replica is a proposer, an acceptor and a learner in one.
//
//   - Phase 1, for all slots at once. A proposer picks a ballot higher than all that it knows, and asks every acceptor to promise that it
//     takes part in no lower one (prepare). With the promise comes what the acceptor has accepted, and in which ballots. A proposer with the
//     promises of a majority leads its ballot. For each slot it adopts the value of the highest ballot among those that it was told of.
//   - Phase 2, slot by slot. The leader asks every acceptor to accept a value in its ballot (accept). An acceptor does so unless it
//     has promised a higher one. A value that a majority has accepted in one ballot is chosen.
//
// Why one value only is chosen: let b choose v. A higher ballot had the promises of a majority, and one of them came from an acceptor that
// had accepted v in b: had it promised first, it would not have accepted. So the leader was told of v, or of what a ballot between the two
// proposed, and that was v too, by induction. For this an acceptor must never forget a promise or what it has accepted, and
// no ballot may have two leaders. Both are synced before anybody is told.
//
// What Raft does otherwise: there, the candidate with the longer log wins, so that a leader is never told anything by those that elect it, and
// overwrites what others have more. Here anybody can win, and is told by those that promise what it lacks.
//
// No deterministic consensus ends in every run (Fischer, Lynch and Paterson 1985): proposers can preempt each other forever. Therefore they
// wait for a random time in between. The log is never compacted, as a test takes minutes.
package paxos

import (
	"fmt"

	"faultline/cluster"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

// system is a set of replicas.
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

// boot starts a replica from the node's files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	file, stored, err := journal.Open[record](p)
	if err != nil {
		return nil, err
	}
	r := newReplica(p, s.config, s.mode, port, file, stored)
	r.known = true
	s.plant(r)
	return r, r.start(port)
}

// Serve runs a replica in the process of another design, which has something decided by it, as others do by ZooKeeper or etcd. The nodes
// of the process's group are the replicas. Each answers on the port, and clients are those of package kv. What it must not forget is in
// a file of that name. Reads are linearizable. Its role is not that of the node.
func Serve(p *sim.Process, c *Config, port, file string) error {
	j, stored, err := journal.OpenFile[record](p, file)
	if err != nil {
		return err
	}
	return newReplica(p, c, modes.Called("confirmed"), port, j, stored).start(port)
}

// Faults are those of every machine. Only leases go by its clock.
func (s *system) Faults() cluster.Faults {
	f := s.Cluster.Faults()
	f.Leadership = s
	return f
}

// Behind names the nodes that differ from the leader.
func (s *system) Behind() []string { return s.BehindLeader() }

// Standing implements sim.Follower.
func (r *replica) Standing() string {
	r.Lock()
	defer r.Unlock()
	return fmt.Sprintf("ballot %d, chosen %d", r.promised, r.chosen)
}

// Settled implements sim.Follower.
func (r *replica) Settled() bool {
	r.Lock()
	defer r.Unlock()
	return r.chosen >= r.inherited
}

// Open returns a client on a host of its own.
func (s *system) Open(id int, near string) cluster.Client {
	return kv.Client{Client: rpc.NewClient(s.Client(id), port, s.Nodes(), near, s.config.Client), ID: uint64(id) + 1, Near: s.mode.near}
}
