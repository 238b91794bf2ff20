// Package raftkv is the replicated store that Faultline tests by default: a key-value store on
// unmodified hashicorp/raft, run by cluster/raftnode on simulated machines.
//
// Writes are linearizable, and applied once however often a client sends them. Reads keep what the chosen
// Level claims. Outcomes are honest: an operation that its client reports as fail never takes effect (see
// Outcomes).
//
// Everything random in it comes from the seed, through one generator for each link and disk. raft's own
// draws come from math/rand, which the world seeds, and its timers are Go's, which a pause stops only in a world with the overlay.
// Start, Stop, Report and all that Faults offers must be called from one goroutine at a time.
package raftkv

import (
	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/trace"
)

// System is a cluster. It implements cluster.System.
type System struct {
	*raftnode.Cluster
	config Config
	level  Level
	nodes  []string
}

var (
	_ cluster.System   = (*System)(nil)
	_ cluster.Replicas = (*System)(nil)
)

// New returns a cluster that is not started. The test begins now.
func New(c Config) (*System, error) {
	c = c.WithDefaults()
	if c.Parts != nil && c.Parts.Config != nil {
		c.Parts.Config(&c)
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	s := &System{config: c, nodes: cluster.NodeNames(c.Nodes)}
	s.level, _ = levelByName(c.Read)
	var err error
	s.Cluster, err = raftnode.New(c.Raft, sim.Config{Seed: c.Seed, Dir: c.Dir, Nodes: s.nodes, Hardware: c.Hardware, Boot: s.boot,
		Trace: c.Trace, Protocols: map[string]trace.NewProtocol{kvPort: newKVProtocol}})
	return s, err
}

// Open returns a client on a host of its own.
func (s *System) Open(id int, first string) cluster.Client {
	c := newClient(uint64(id)+1, s.Client(id), s.nodes, first, s.level, s.config.Client)
	if s.config.Parts != nil && s.config.Parts.Client != nil {
		return s.config.Parts.Client(c)
	}
	return c
}
