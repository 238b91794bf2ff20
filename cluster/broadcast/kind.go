package broadcast

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/course"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/cluster/sim"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

// Settings are those of the kind. Durations are in nanoseconds as JSON.
type Settings struct {
	Timing
	Client rpc.Timeouts `json:"client"`
	sim.Hardware
}

func defaults() cluster.Config {
	return &Settings{Timing: Usual(), Hardware: sim.Hardware{}.WithDefaults(),
		Client: rpc.Timeouts{Operation: time.Second, Attempt: time.Second, Backoff: 50 * time.Millisecond}}
}

// Validate implements cluster.Config.
func (s *Settings) Validate() error {
	if err := s.Timing.Validate(); err != nil {
		return err
	}
	return s.Hardware.Validate()
}

// mode is an algorithm.
type mode struct {
	cluster.Mode
	spread Spread
	order  Order
}

var modes = cluster.Modes[mode]{
	{Mode: cluster.Mode{Name: "total-lamport", Claims: "total order, causal", Model: "total-order",
		Doc:   "nodes deliver in the order of Lamport clocks, each message once all nodes have acknowledged it",
		Way:   "a round trip to all nodes",
		Keeps: []string{"total-order", "causal-order"}},
		spread: Eager, order: Lamport},
	{Mode: cluster.Mode{Name: "total-leader", Claims: "total order", Model: "total-order",
		Doc:       "the first node numbers the messages, and nodes deliver them in that order",
		Resembles: "a sequencer, as of the Amoeba system and of primary-backup replication without a failover",
		Way:       "a message to the leader",
		Keeps:     []string{"total-order"}},
		spread: Eager, order: Leader},
	{Mode: cluster.Mode{Name: "causal", Claims: "causal order", Model: "causal-order",
		Doc:       "a message waits for everything that its sender had delivered, by vector clocks",
		Resembles: "ISIS's CBCAST; what an operation-based CRDT needs",
		Keeps:     []string{"causal-order"}},
		spread: Eager, order: Causal},
	{Mode: cluster.Mode{Name: "fifo", Claims: "FIFO order", Model: "fifo-order",
		Doc:   "messages of one node are delivered in the order in which it sent them",
		Keeps: []string{"fifo-order"}},
		spread: Eager, order: FIFO},
	{Mode: cluster.Mode{Name: "reliable", Claims: "reliable: all nodes deliver the same messages, in any order", Model: "reliable",
		Doc:   "every node that receives a message passes it on to all",
		Keeps: []string{"reliable"}},
		spread: Eager},
	{Mode: cluster.Mode{Name: "sender", Claims: "reliable where every process starts again", Model: "reliable",
		Doc:   "the sender tells all nodes until they have acknowledged, and continues after a restart",
		Keeps: []string{"reliable"}},
		spread: Sender},
	{Mode: cluster.Mode{Name: "gossip", Claims: "reliable, in the end", Model: "reliable",
		Doc:       "every node that receives a message passes it on to a few, at random, and nodes sometimes compare what they have",
		Resembles: "Cassandra's and Consul's membership, Amazon's Dynamo",
		Keeps:     []string{"reliable"}},
		spread: Gossip},
	{Mode: cluster.Mode{Name: "best-effort", Claims: "reliable while no process dies", Model: "reliable",
		Unless:   "the sender dies before all have the message",
		BrokenBy: deaths,
		Doc:      "the sender tells all nodes, again and again, until they have acknowledged",
		Keeps:    []string{"best-effort"}},
		spread: Once},
}

// deaths are the families of faults that make processes die.
var deaths = []string{"crash", "disk-error", "bit-flip", "crash-at", "crash-loop", "rolling-restart", "older-snapshot"}

// system is the nodes.
type system struct {
	*sim.Cluster
	config *Settings
	mode   mode
	plant  func(*Broadcast) // plants the bug, if there is one
}

var _ cluster.Replicas = (*system)(nil)

const clientPort = "7000" // where nodes answer clients

// Kind is nodes that broadcast, as a kind of system.
func Kind() cluster.Kind {
	return cluster.Kind{Name: "broadcast", Doc: "nodes that broadcast messages to each other, and replicate state machines with them",
		Lectures: []course.Lecture{course.Broadcasts, course.Failures, course.Clocks, course.Replication},
		Nodes:    5,
		Modes:    modes.Described(), Bugs: bugs.Described(),
		Ops:      append([]string{ops.Broadcast, ops.Deliveries, ops.Stamps}, append(kv.Ops(), kv.ObjectOps()...)...),
		Workload: "delivery-order", CrashPoints: CrashPoints(), Config: defaults, Open: openSystem, Probe: kv.Probe,
		Suffers: append(sim.Suffers(), cluster.SuffersLeadership),
		Errors: []cluster.Error{
			{Name: "died", Why: "the process died while it synced the message, or before the message was delivered"},
		}}
}

func openSystem(env cluster.Env) (cluster.System, error) {
	s := &system{config: env.Config.(*Settings), mode: modes.Called(env.Mode), plant: bugs.Planting(env.Bug)}
	machines := rpc.Machines(env, s.config.Hardware, s.boot, CrashPoints(), clientPort)
	machines.Protocols[Port] = Protocol
	var err error
	s.Cluster, err = sim.New(machines)
	return s, err
}

// Faults are those of every machine. What a node delivers does not depend on its clock; what its clocks show does.
func (s *system) Faults() cluster.Faults {
	f := s.Cluster.Faults()
	f.Leadership = s
	return f
}

// Behind names the nodes that have not delivered what they are to deliver. By the mode best-effort that is what is on its way.
func (s *system) Behind() (names []string) {
	all := logical.Vector{}
	for _, name := range s.Nodes() {
		if n, _ := s.Program(name).(*node); n != nil {
			all.Merge(n.Has())
		}
	}
	for _, name := range s.Nodes() {
		n, _ := s.Program(name).(*node)
		if n != nil && (!n.Settled() || s.mode.spread != Once && n.Has().Compare(all) != logical.Equal) {
			names = append(names, name)
		}
	}
	return names
}

// Open returns a client of a node, on a host of its own.
func (s *system) Open(id int, near string) cluster.Client {
	return Client{kv.Client{Client: rpc.NewClient(s.Client(id), clientPort, []string{near}, near, s.config.Client), ID: uint64(id) + 1}}
}
