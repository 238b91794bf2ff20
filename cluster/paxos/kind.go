package paxos

import (
	"fmt"
	"time"

	"faultline/cluster"
	"faultline/cluster/course"
	"faultline/cluster/sim"
	"faultline/cluster/sim/detector"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

// Config are the settings. Durations are in nanoseconds as JSON.
type Config struct {
	detector.Timing
	Backoff Backoff       `json:"backoff" flag:"backoff" doc:"how long a proposer waits before it tries to lead: a random time, the longer the more often it was preempted, or a fixed one" choices:"random,fixed"`
	Lease   time.Duration `json:"lease" flag:"lease" doc:"how long an acceptor takes part in no ballot but the leader's, in the mode lease"`
	Client  rpc.Timeouts  `json:"client"`
	sim.Hardware
}

// Backoff is how long proposers wait that might preempt each other.
type Backoff string

// The ways.
const (
	Random Backoff = "random" // by chance, and up to twice as long after each time
	Fixed  Backoff = "fixed"  // one after the other, which is enough if messages are fast
)

func defaults() cluster.Config { return Defaults() }

// Defaults are the settings of a spec that says nothing else.
func Defaults() *Config {
	return &Config{Timing: detector.DefaultTiming(), Backoff: Random, Lease: 400 * time.Millisecond,
		Client:   rpc.DefaultTimeouts(),
		Hardware: sim.Hardware{}.WithDefaults()}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	if err := c.Timing.Validate(); err != nil {
		return err
	}
	switch {
	case c.Backoff != Random && c.Backoff != Fixed:
		return fmt.Errorf("backoff %q: give random or fixed", c.Backoff)
	case c.Lease < 2*c.Heartbeat:
		return fmt.Errorf("lease %v: give two heartbeats, %v, or more", c.Lease, 2*c.Heartbeat)
	}
	return c.Hardware.Validate()
}

// mode is how a read is served.
type mode struct {
	cluster.Mode
	// may says why a replica cannot serve a read from what it has learned, if it cannot; nil if a read takes a slot as a write does.
	may    func(r *replica) string
	leases bool // acceptors give the leader leases
	near   bool // clients ask the node that is near
}

var modes = cluster.Modes[mode]{
	{Mode: cluster.Mode{Name: "log", Claims: "linearizable", Model: "linearizable",
		Doc:       "a read takes a slot, like a write",
		Resembles: "the replicated state machine of Paxos Made Moderately Complex",
		Way:       "a round trip to a majority and a sync",
		Keeps:     []string{"linearizable", "eventual"}}},
	{Mode: cluster.Mode{Name: "confirmed", Claims: "linearizable", Model: "linearizable",
		Doc:       "the leader, once a majority has said after the read began that it has promised no higher ballot",
		Resembles: "etcd's and Viewstamped Replication's reads by a leader that asks",
		Way:       "a round trip to a majority",
		Keeps:     []string{"linearizable", "eventual"}},
		may: (*replica).confirmed},
	{Mode: cluster.Mode{Name: "lease", Claims: "linearizable while clocks run at the same speed", Model: "linearizable",
		Unless:    "the leader's clock is set back, or an acceptor's forward, or one is far too slow or too fast",
		BrokenBy:  []string{"clock"},
		Doc:       "the leader, while a majority has promised to join no other ballot for a time by their clocks; otherwise as confirmed",
		Resembles: "the master leases of Chubby (Chandra, Griesemer and Redstone 2007, Paxos Made Live), and of Spanner's leaders",
		Way:       "nothing; a round trip to a majority when the lease is over",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		may: (*replica).leased, leases: true},
	{Mode: cluster.Mode{Name: "local", Claims: "consistent prefix, eventual", Model: "consistent-prefix",
		Doc:       "any replica, from what it has learned",
		Resembles: "reads from the learners of a cell; etcd's serializable, ZooKeeper's without sync",
		Way:       "nothing",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		may: func(*replica) string { return "" }, near: true},
}

var crashPoints = journal.CrashPoints()

// Kind is the store as a kind of system.
func Kind() cluster.Kind {
	return cluster.Kind{Name: "paxos", Doc: "a key-value store on Multi-Paxos",
		Lectures: []course.Lecture{course.Consensus, course.Failures, course.Clocks},
		Nodes:    5, DefaultMode: "confirmed", TermNoun: "ballot",
		Modes: modes.Described(), Bugs: bugs.Described(),
		Ops: append(kv.Ops(), kv.ObjectOps()...), CrashPoints: crashPoints, Config: defaults, Open: open, Probe: kv.Probe,
		Suffers: append(sim.Suffers(), cluster.SuffersLeadership),
		Errors: []cluster.Error{
			{Name: "not-leader", Definite: true, Why: "the node refused before it proposed anything; or a read, when it was preempted"},
			{Name: "not-ready", Definite: true, Why: "a read was refused: the leader does not know yet what lower ballots have chosen"},
			{Name: "preempted", Why: "the command was proposed in a ballot that has ended; a higher one may choose it"},
		}}
}
