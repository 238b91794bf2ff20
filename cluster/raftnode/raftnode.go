// Package raftnode runs hashicorp/raft, unmodified, on the simulated machines of cluster/sim: over its own NetworkTransport where it
// pipelines, and else over one that makes the same calls in the same bytes, on stores that stand on a virtual disk. A System that embeds a Cluster replicates any raft.FSM and suffers every fault of
// a machine, changes of leadership and membership, and deaths at raft's own crash points.
//
// It guarantees that raft's safety properties are watched from outside, where raft meets its log and its state machine, and
// that whatever breaks one is in the report. It records roles, progress and raft's messages.
//
// Raft draws its random numbers from math/rand, which whoever runs a world seeds. Its timers are Go's, so a pause stops
// them only in a world with the overlay, see package sim.
//
// The caller owes it what package sim asks for, and that the program of every process embeds the Node that OpenNode returned.
package raftnode

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/disk"
	"faultline/cluster/raftnode/raftstore"
	"faultline/cluster/report"
	"faultline/cluster/sim"
	"faultline/cluster/sim/trace"
)

// Cluster is a set of machines that run raft. It has all that a cluster.System needs except for clients.
type Cluster struct {
	*sim.Cluster
	config Config
	groups []*group
	counts []*counts // of all nodes that ever were started
}

var (
	_ cluster.Leadership = (*Cluster)(nil)
	_ cluster.Transfers  = (*Cluster)(nil)
	_ cluster.Members    = (*Cluster)(nil)
	_ cluster.Replicas   = (*Cluster)(nil)
)

// New returns machines that are not started. Their Boot calls OpenNode and Node.Start. Raft's protocol and crash points are added
// to those of the machines, whose groups have a log each. The test begins now.
func New(c Config, machines sim.Config) (*Cluster, error) {
	protocols := map[string]trace.NewProtocol{Port: newProtocol}
	maps.Copy(protocols, machines.Protocols)
	machines.Protocols = protocols
	machines.CrashPoints = append(CrashPoints(), machines.CrashPoints...)
	simulated, err := sim.New(machines)
	cluster := &Cluster{Cluster: simulated, config: c.WithDefaults()}
	if machines.Groups == nil {
		machines.Groups = [][]string{machines.Nodes}
	}
	for _, names := range machines.Groups {
		cluster.groups = append(cluster.groups, &group{cluster: cluster, names: names, ledger: newLedger(time.Now())})
	}
	return cluster, err
}

// Suffers names what such a cluster suffers, for a cluster.Kind.
func Suffers() []cluster.Fault {
	return append(sim.Suffers(), cluster.SuffersLeadership, cluster.SuffersTransfers, cluster.SuffersMembers)
}

// CrashPoints are before a log write, after it and before its sync, between the two writes of a vote,
// before a snapshot exists, and before the state is restored from one, each as often as it is to be drawn. Votes and snapshots
// are rare, so that the fault may end before it came to one: they are drawn less often.
func CrashPoints() []string {
	var all []string
	for _, p := range []struct {
		point disk.Point
		share int
	}{
		{raftstore.LogWrite, 3}, {raftstore.LogSync, 3}, {raftstore.VoteWrite, 1}, {raftstore.Snapshot, 2}, {raftstore.Restore, 2},
	} {
		all = append(all, slices.Repeat([]string{string(p.point)}, p.share)...)
	}
	return all
}

// stragglers is how long the goroutines get that raft's transport starts for its connections and does
// not wait for: they have yet to see that their connections are gone.
const stragglers = 10 * time.Millisecond

// Stop shuts the cluster down, the remains of crashed nodes included.
func (c *Cluster) Stop() error {
	for _, g := range c.groups {
		g.operator.halt()
	}
	err := c.Cluster.Stop()
	time.Sleep(stragglers)
	return err
}

// Faults are those of every machine, and changes of leadership and membership. The leader is known.
func (c *Cluster) Faults() cluster.Faults {
	f := c.Cluster.Faults()
	f.Leadership, f.Transfers, f.Members = c, c, c
	return f
}

// Report returns what the machines recorded, with the counts of snapshots and the violations of Raft's rules, so far.
func (c *Cluster) Report() report.Report {
	var taken, installed, fromSnapshot int64
	for _, n := range c.counts {
		taken += n.taken.Load()
		installed += n.restored.Load() - n.atStart
		fromSnapshot += n.atStart
	}
	r := c.Cluster.Report()
	for _, g := range c.groups {
		r.Violations = append(r.Violations, g.ledger.violations()...)
	}
	slices.SortStableFunc(r.Violations, func(a, b report.Violation) int { return cmp.Compare(a.Time, b.Time) })
	r.Counters = slices.Insert(r.Counters, 1,
		report.Counter{Name: "snapshots taken", Value: taken},
		report.Counter{Name: "snapshots installed", Value: installed})
	r.Counters = slices.Insert(r.Counters, 4, report.Counter{Name: "restarts from a snapshot", Value: fromSnapshot}) // after restarts
	return r
}

// program is a program that embeds a Node.
type program interface {
	sim.Program
	node() *Node
}

// nodeOf is the node of a program; nil if it has none.
func nodeOf(p sim.Program) *Node {
	if p, ok := p.(program); ok {
		return p.node()
	}
	return nil
}

// node is what runs on a machine; nil while it is down.
func (c *Cluster) node(name string) *Node { return nodeOf(c.Program(name)) }
