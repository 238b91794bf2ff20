// Package txnkv is a transactional key-value store on unmodified hashicorp/raft, run by cluster/raftnode on simulated machines. Its
// modes are isolation levels, from read uncommitted to strict serializable, each kept the way that databases keep it.
//
// A transaction is interactive. The leader has its locks, or its snapshot, and what it has written so far in memory; a commit is one
// entry of the log with all that it writes. When another node leads, what was active is aborted, and an entry of an earlier term has
// no effect. Values are registers or lists; a scan reads all keys with a prefix, and is a predicate read.
//
// Outcomes are honest. A transaction that its client reports as fail never takes effect, and one without an answer to its commit is
// info. A client sends a request again when no answer comes, and the leader, or the next one, knows it for the same.
//
// Everything random comes from the seed, as in package raftnode. Who waits, who is woken and who dies in a deadlock follows from the
// order in which requests came.
package txnkv

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/trace"
)

// system is a cluster of such nodes.
type system struct {
	*raftnode.Cluster
	config Config
	mode   mode
	shards shards
	plant  func(*replica) // plants a bug of replicas, if there is one
	counts
	doubts doubts
}

var _ cluster.Replicas = (*system)(nil)

// port is where nodes answer clients and each other.
const port = "8000"

func open(env cluster.Env) (cluster.System, error) {
	s := &system{config: env.Config.(*Config).WithDefaults(), mode: modes.Called(env.Mode), plant: func(*replica) {},
		doubts: doubts{start: time.Now(), open: map[doubt]int{}}}
	bugs.Planting(env.Bug)(s)
	nodes := cluster.NodeNames(env.Nodes)
	s.shards = deal(nodes, s.config.Shards)
	s.mode.across = s.mode.snapshots && len(s.shards) > 1
	machines := sim.Config{Seed: env.Seed, Dir: env.Dir, Nodes: nodes,
		Hardware: s.config.Hardware, Boot: s.boot, Trace: env.Trace, Protocols: map[string]trace.NewProtocol{port: rpc.Protocol}}
	if len(s.shards) > 1 {
		machines.Groups = s.shards
	}
	var err error
	s.Cluster, err = raftnode.New(s.config.Raft, machines)
	return s, err
}
