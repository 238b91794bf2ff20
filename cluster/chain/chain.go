// Package chain is a key-value store by chain replication (van Renesse and Schneider 2004), on the simulated machines of cluster/sim, with reads
// at any node as in CRAQ (Terrace and Freedman 2009).
//
// The nodes are in a chain. A write goes to its head, which puts it in its log and passes it on; each node stores it and passes it on. What the
// tail has, all have: it is committed, which the nodes learn on the way back, and the head tells the client. So a node's log is always a
// beginning of that of the node before it, and no quorum is needed: of n nodes n-1 may fail.
//
// The price is that somebody else has to say who is in the chain. Here that is a configuration: a numbered epoch, and the nodes of the chain in
// order. It is a value in a store on Multi-Paxos (package paxos) that runs on the same machines, changed by compare-and-set only. Stores in production
// use ZooKeeper or etcd for that. Nothing is assumed but that: a node that is suspected may live, and messages take any time. A
// configuration needs a majority of machines to be changed, and data do not.
//
//   - A node removes the one before or after it when it suspects it. One that is not in the chain joins it as the tail.
//   - A node passes on, stores and commits in its own epoch only. So nothing is committed in an epoch any more once one of its nodes is
//     in a later one, as all nodes of the chain take part; and a node of the old chain is in the new one.
//   - The head begins each epoch with an entry. A node that has this entry has everything that was committed in earlier epochs. Before, a node serves no reads, and
//     changes no configuration but to join it: else one that has just joined might remove all that have what was committed.
//
// That a node is in the chain says nothing to a node that was removed and does not know. It goes on to serve reads. In the paper that cannot be,
// as processes stop when they fail. The modes differ in what a read asks before it is answered.
package chain

import (
	"fmt"

	"faultline/cluster"
	"faultline/cluster/paxos"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

// system is the nodes, in the chain or not.
type system struct {
	*sim.Cluster
	config *Config
	mode   mode
	plant  func(*replica) // plants the bug, if there is one
}

var _ cluster.Replicas = (*system)(nil)

// Where nodes answer each other and clients, and where the store of the configuration does.
const port, masterPort = "7000", "7001"

func open(env cluster.Env) (cluster.System, error) {
	s := &system{config: env.Config.(*Config), mode: modes.Called(env.Mode), plant: bugs.Planting(env.Bug)}
	var err error
	s.Cluster, err = sim.New(rpc.Machines(env, s.config.Hardware, s.boot, crashPoints, port, masterPort))
	return s, err
}

// boot starts a node from its files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	file, stored, err := journal.Open[record](p)
	if err != nil {
		return nil, err
	}
	if err := paxos.Serve(p, paxos.Defaults(), masterPort, "configuration"); err != nil {
		return nil, err
	}
	r := newReplica(p, s, file, stored)
	s.plant(r)
	return r, r.start()
}

// Faults are those of every machine, but of its clock: nothing here goes by it.
func (s *system) Faults() cluster.Faults {
	f := s.Cluster.Faults()
	f.Leadership, f.Clocks = s, nil
	return f
}

// Behind names the nodes that differ from the head, or are not in the chain.
func (s *system) Behind() []string { return s.BehindLeader() }

// Standing implements sim.Follower.
func (r *replica) Standing() string {
	r.Lock()
	defer r.Unlock()
	return fmt.Sprintf("%v, log %v, committed %d", r.chain, r.log.End(), r.committed)
}

// Settled implements sim.Follower.
func (r *replica) Settled() bool {
	r.Lock()
	defer r.Unlock()
	return r.committed == r.log.Length()
}

// Open returns a client on a host of its own.
func (s *system) Open(id int, near string) cluster.Client {
	host := s.Client(id)
	client := func() *rpc.Client { return rpc.NewClient(host, port, s.Nodes(), near, s.config.Client) }
	c := kv.Client{Client: client(), ID: uint64(id) + 1, Near: s.mode.anywhere}
	if !s.mode.anywhere {
		c.Reads = client() // which remembers the tail, while the other one remembers the head
	}
	return c
}
