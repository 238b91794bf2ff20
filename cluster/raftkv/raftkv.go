// Package raftkv is the replicated store that Faultline tests by default: a key-value store on
// unmodified hashicorp/raft over its own NetworkTransport, on the simulated machines of cluster/sim.
//
// It guarantees linearizable writes, applied once however often a client sends them, and reads as the
// chosen Level claims. Outcomes are honest: an operation that its client reports as fail never takes
// effect (see Outcomes).
//
// Everything random in it comes from the seed, through one generator for each link and disk; raft's own
// draws come from math/rand, which whoever runs it seeds, and its timers are Go's, which a pause does not
// stop. The caller owes it calls from one goroutine at a time for Start, Stop, Report and all that Faults
// offers.
package raftkv

import (
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/raftkv/raftstore"
	"faultline/cluster/report"
	"faultline/cluster/sim"
	"faultline/cluster/sim/trace"
)

// System is a cluster. It implements cluster.System.
type System struct {
	*sim.Cluster
	config   Config
	level    Level
	nodes    []string
	ledger   *ledger
	replicas []*replica // all that ever were, for their counts
	operator operator
}

var (
	_ cluster.System     = (*System)(nil)
	_ cluster.Leadership = (*System)(nil)
	_ cluster.Transfers  = (*System)(nil)
	_ cluster.Members    = (*System)(nil)
	_ cluster.Replicas   = (*System)(nil)
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
	s := &System{config: c, nodes: cluster.NodeNames(c.Nodes), ledger: newLedger(time.Now())}
	s.level, _ = levelByName(c.Read)
	var err error
	s.Cluster, err = sim.New(sim.Config{Seed: c.Seed, Dir: c.Dir, Nodes: s.nodes, Delay: c.Delay, Boot: s.boot,
		Trace: c.Trace, Protocols: map[string]trace.NewProtocol{raftPort: newRaftProtocol, kvPort: newKVProtocol}, CrashPoints: crashPoints})
	return s, err
}

// stragglers is how long the goroutines get that raft's transport starts for its connections and does
// not wait for: they have yet to see that their connections are gone.
const stragglers = 10 * time.Millisecond

// Stop shuts the cluster down, the remains of crashed nodes included.
func (s *System) Stop() error {
	s.operator.halt()
	err := s.Cluster.Stop()
	time.Sleep(stragglers)
	return err
}

// Open returns a client on a host of its own.
func (s *System) Open(id int, first string) cluster.Client {
	c := newClient(uint64(id)+1, s.Client(id), s.nodes, first, s.level, s.config.Client)
	if s.config.Parts != nil && s.config.Parts.Client != nil {
		return s.config.Parts.Client(c)
	}
	return c
}

// Faults are those of every machine, and changes of leadership and membership. It is known who leads.
func (s *System) Faults() cluster.Faults {
	f := s.Cluster.Faults()
	f.Leadership, f.Transfers, f.Members = s, s, s
	return f
}

// Report returns what the machines recorded, with the counts of snapshots and the violations of Raft's rules, so far.
func (s *System) Report() report.Report {
	var taken, installed, fromSnapshot int64
	for _, r := range s.replicas {
		restored, stored := r.machine.counts()
		taken += int64(stored)
		installed += int64(restored - r.restored)
		fromSnapshot += int64(r.restored)
	}
	r := s.Cluster.Report()
	r.Violations = s.ledger.violations()
	r.Counters = slices.Insert(r.Counters, 1,
		report.Counter{Name: "snapshots taken", Value: taken},
		report.Counter{Name: "snapshots installed", Value: installed})
	r.Counters = slices.Insert(r.Counters, 4, report.Counter{Name: "restarts from a snapshot", Value: fromSnapshot}) // after restarts
	return r
}

// crashPoints are before a log write, after it and before its sync, between the two writes of a vote,
// before a snapshot exists, and before the state is restored from one. Votes and snapshots are rare, so that the fault may
// end before it came to one: they are drawn less often.
var crashPoints = []string{
	logWrite, logWrite, logWrite, logSync, logSync, logSync, string(raftstore.VoteWrite), string(raftstore.Snapshot),
	string(raftstore.Snapshot), string(raftstore.Restore), string(raftstore.Restore),
}

const logWrite, logSync = string(raftstore.LogWrite), string(raftstore.LogSync)

func (s *System) membership() raft.Configuration {
	var c raft.Configuration
	for _, n := range s.nodes {
		c.Servers = append(c.Servers, raft.Server{ID: raft.ServerID(n), Address: address(n)})
	}
	return c
}

// index is the number of a node.
func (s *System) index(name string) (int, error) {
	i := slices.Index(s.nodes, name)
	if i < 0 {
		return 0, fmt.Errorf("there is no node %q", name)
	}
	return i, nil
}

// replica is what runs on a node; nil while it is down.
func (s *System) replica(name string) *replica {
	r, _ := s.Program(name).(*replica)
	return r
}

// leading is the replica that leads in the highest term; nil if none does.
func (s *System) leading() *replica {
	_, p := s.Leading()
	r, _ := p.(*replica)
	return r
}
