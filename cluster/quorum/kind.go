package quorum

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"faultline/cluster"
	"faultline/cluster/course"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/versioned"
)

// Config are the settings. Durations are in nanoseconds as JSON.
type Config struct {
	Replicas    int           `json:"replicas" flag:"replicas" doc:"N: how many nodes keep each key; 0 for three, or all if there are fewer"`
	ReadQuorum  int           `json:"read_quorum" flag:"read-quorum" doc:"R: how many of them a read waits for; 0 for a majority"`
	WriteQuorum int           `json:"write_quorum" flag:"write-quorum" doc:"W: how many of them a write waits for; 0 for a majority"`
	Timestamps  string        `json:"timestamps" flag:"timestamps" doc:"which clock of the coordinating node decides what the last write is, in the mode lww: that of its machine, or a hybrid logical one" choices:"wall,hybrid"`
	Patience    time.Duration `json:"patience" flag:"patience" doc:"how long a node waits for another"`
	ReadRepair  bool          `json:"read_repair" flag:"read-repair" doc:"a read tells replicas what they lack"`
	HandOff     time.Duration `json:"hand_off" flag:"hand-off" doc:"how often a node tries to deliver the hints that it keeps, in the mode dynamo"`
	AntiEntropy time.Duration `json:"anti_entropy" flag:"anti-entropy" doc:"how often a node compares what it has with another; 1h is never"`
	Client      rpc.Timeouts  `json:"client"`
	sim.Hardware
}

// The clocks that Timestamps names.
const wall, hybrid = "wall", "hybrid"

func defaults() cluster.Config {
	return &Config{Timestamps: wall, Patience: 150 * time.Millisecond, ReadRepair: true, HandOff: 200 * time.Millisecond, AntiEntropy: time.Second,
		Client:   rpc.DefaultTimeouts(),
		Hardware: sim.Hardware{}.WithDefaults()}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	switch {
	case c.Replicas < 0 || c.ReadQuorum < 0 || c.WriteQuorum < 0:
		return errors.New("replicas, read quorum and write quorum: give 1 or more, or 0 for the default")
	case c.Timestamps != wall && c.Timestamps != hybrid:
		return fmt.Errorf("unknown timestamps %q; there are %s, %s", c.Timestamps, wall, hybrid)
	case c.Patience < time.Millisecond:
		return fmt.Errorf("patience %v: give 1ms or more", c.Patience)
	case c.HandOff < 5*time.Millisecond:
		return fmt.Errorf("hand-off %v: give 5ms or more", c.HandOff)
	case c.AntiEntropy < 5*time.Millisecond:
		return fmt.Errorf("anti-entropy %v: give 5ms or more; 1h is never", c.AntiEntropy)
	}
	return c.Hardware.Validate()
}

// sizes are how many replicas there are of a key, and how many a read and a write wait for.
type sizes struct{ n, r, w int }

func (c *Config) sizes(nodes int) sizes {
	n := cmp.Or(c.Replicas, min(3, nodes))
	return sizes{n, cmp.Or(c.ReadQuorum, n/2+1), cmp.Or(c.WriteQuorum, n/2+1)}
}

// check refuses sizes that cannot be, and quorums that do not meet where a mode needs that.
func check(env cluster.Env) error {
	s := env.Config.(*Config).sizes(env.Nodes)
	switch {
	case s.n > env.Nodes:
		return fmt.Errorf("replicas %d: there are %d nodes", s.n, env.Nodes)
	case s.r > s.n || s.w > s.n:
		return fmt.Errorf("a read quorum of %d and a write quorum of %d: a key has %d replicas", s.r, s.w, s.n)
	case s.r+s.w <= s.n && modes.Called(env.Mode).meets:
		return fmt.Errorf("a read quorum of %d and a write quorum of %d of %d replicas do not meet: in the mode %s give more than %d together, "+
			"or use the mode lww or dynamo", s.r, s.w, s.n, env.Mode, s.n)
	}
	return nil
}

// mode is how a write gets its place among others, and what a read does about what it has found.
type mode struct {
	cluster.Mode
	rule       versioned.Rule
	tags       bool // a write is later than all that a read quorum knows, whatever clocks say
	writesBack bool // a read sees to it that a write quorum has what it returns
	siblings   bool // concurrent writes are kept side by side
	sloppy     bool // other nodes stand in for replicas that do not answer
	meets      bool // each read quorum has to meet each write quorum
}

// asksBefore reports whether a write begins with a read: to be later than what is there, or to replace all of it.
func (m mode) asksBefore(c versioned.Command) bool { return m.tags || m.siblings && c.All }

var modes = cluster.Modes[mode]{
	{Mode: cluster.Mode{Name: "abd", Claims: "linearizable", Model: "linearizable",
		Doc:       "a write is later than any write that a majority knows, and a read stores what it returns on a majority",
		Resembles: "Attiya, Bar-Noy and Dolev's register, for several writers by Lynch and Shvartsman; Cassandra's blocking read repair",
		Way:       "two round trips to a majority, or one if it agrees on what is read",
		Keeps:     []string{"linearizable", "eventual"}},
		rule: versioned.LastWriteWins, tags: true, writesBack: true, meets: true},
	{Mode: cluster.Mode{Name: "regular", Claims: "regular: a read sees the last write that was acknowledged, or one that is not", Model: "consistent-prefix",
		Doc:       "as abd, but a read writes nothing back",
		Resembles: "Lamport's regular register",
		Way:       "a round trip to a majority to read, two to write",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		rule: versioned.LastWriteWins, tags: true, meets: true},
	{Mode: cluster.Mode{Name: "lww", Claims: "eventual, whatever R and W are", Model: "consistent-prefix",
		Doc:       "the clock of the coordinating node dates a write, and the last write wins",
		Resembles: "Cassandra; Riak with last_write_wins",
		Way:       "a round trip to R or W replicas",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		rule: versioned.LastWriteWins},
	{Mode: cluster.Mode{Name: "siblings", Claims: "free of lost writes and stale reads", Model: "consistent-prefix",
		Doc:       "concurrent writes are all kept, until a client that has read them replaces them",
		Resembles: "Riak with allow_mult and strict quorums",
		Way:       "a round trip to R or W replicas, and a sync of the coordinating node to write",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		rule: versioned.KeepSiblings, siblings: true, meets: true},
	{Mode: cluster.Mode{Name: "dynamo", Claims: "free of lost writes; reads may be stale", Model: "eventual",
		Doc:       "as siblings, but other nodes stand in for replicas that do not answer, and keep hints for them",
		Resembles: "Amazon's Dynamo; Riak by default",
		Way:       "as siblings",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		rule: versioned.KeepSiblings, siblings: true, sloppy: true},
}

var variants = []cluster.Variant{
	{Name: "one", Doc: "R = W = 1: an operation waits for one replica", Apply: func(c cluster.Config) {
		c.(*Config).ReadQuorum, c.(*Config).WriteQuorum = 1, 1
	}},
	{Name: "hybrid", Doc: "times of writes come from hybrid logical clocks", Apply: func(c cluster.Config) { c.(*Config).Timestamps = hybrid }},
}

var crashPoints = journal.CrashPoints()

// Kind is the store as a kind of system.
func Kind() cluster.Kind {
	return cluster.Kind{Name: "quorum", Doc: "a leaderless key-value store: quorums, last write wins or siblings",
		Lectures: []course.Lecture{course.Replication, course.ReplicaConsistency},
		Nodes:    5,
		Modes:    modes.Described(), Bugs: bugs.Described(),
		Ops: versioned.Ops(), CrashPoints: crashPoints, Config: defaults, Check: check, Open: open, Probe: kv.Probe, Suffers: sim.Suffers(),
		Variants: variants, Compared: []string{"abd", "regular", "lww", "lww+hybrid", "lww+one", "siblings", "dynamo"},
		Errors: []cluster.Error{
			{Name: noQuorum, Definite: true, Why: "too few replicas answered a read, or the query at the start of a write: nothing was written"},
			{Name: tooFewAcks, Why: "too few replicas have acknowledged a write; those that have it keep it"},
			{Name: "not-read", Definite: true, Why: "a client was to replace a value that it has not read: a mistake of the workload"},
		}}
}
