package multileader

import (
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
	Topology string        `json:"topology" flag:"topology" doc:"whom a node tells of updates: all others of its own, the next in a ring of all that it knows, or the first node, which tells all" choices:"all-to-all,ring,star"`
	Lag      time.Duration `json:"lag" flag:"lag" doc:"how long a node waits between two messages to another, whatever it has to tell"`
	Patience time.Duration `json:"patience" flag:"patience" doc:"how long a node waits for an answer of another"`
	Client   rpc.Timeouts  `json:"client"`
	sim.Hardware
}

// The topologies.
const mesh, ring, star = "all-to-all", "ring", "star"

func defaults() cluster.Config {
	return &Config{Topology: mesh, Lag: 20 * time.Millisecond, Patience: 300 * time.Millisecond,
		Client:   rpc.DefaultTimeouts(),
		Hardware: sim.Hardware{}.WithDefaults()}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	switch {
	case c.Topology != mesh && c.Topology != ring && c.Topology != star:
		return fmt.Errorf("unknown topology %q; there are %s, %s, %s", c.Topology, mesh, ring, star)
	case c.Lag < time.Millisecond:
		return fmt.Errorf("lag %v: give 1ms or more", c.Lag)
	case c.Patience < time.Millisecond:
		return fmt.Errorf("patience %v: give 1ms or more", c.Patience)
	}
	return c.Hardware.Validate()
}

// mode is what becomes of two writes of a key neither of which knew of the other.
type mode struct {
	cluster.Mode
	rule     versioned.Rule
	physical bool // the clocks of machines say which write is the last; otherwise Lamport's
	siblings bool // both are kept
	causal   bool // no update is seen before what it can depend on, nor by a session that has seen more
}

var modes = cluster.Modes[mode]{
	{Mode: cluster.Mode{Name: "causal", Claims: "causal convergence", Model: "causal-convergence",
		Doc:       "the write with the larger Lamport time wins, and no update is seen before the updates that it depends on",
		Resembles: "COPS; MongoDB's causally consistent sessions",
		Way:       "nothing, if the client stays at its node",
		Keeps:     []string{"causal-convergence", "consistent-prefix", "eventual"}},
		rule: versioned.LastWriteWins, causal: true},
	{Mode: cluster.Mode{Name: "lamport", Claims: "eventual", Model: "eventual",
		Doc:       "the write with the larger Lamport time wins",
		Resembles: "CouchDB, which compares the lengths of histories first",
		Way:       "nothing",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		rule: versioned.LastWriteWins},
	{Mode: cluster.Mode{Name: "wall", Claims: "eventual", Model: "eventual",
		Doc:       "the write with the later time wins, by the clock of the node that took it",
		Resembles: "Active Directory, DynamoDB's global tables, MySQL replication with conflict resolution by a column",
		Way:       "nothing",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		rule: versioned.LastWriteWins, physical: true},
	{Mode: cluster.Mode{Name: "siblings", Claims: "free of lost writes", Model: "eventual",
		Doc:       "both are kept, until a client that has read them replaces them",
		Resembles: "Riak between data centers, CouchDB's conflicts",
		Way:       "nothing",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		rule: versioned.KeepSiblings, siblings: true},
}

// topologies are variants, so that they can be compared.
var topologies = []cluster.Variant{
	{Name: ring, Doc: "each node tells the next one", Apply: func(c cluster.Config) { c.(*Config).Topology = ring }},
	{Name: star, Doc: "each node tells the first one, which tells all", Apply: func(c cluster.Config) { c.(*Config).Topology = star }},
}

var crashPoints = journal.CrashPoints()

// Kind is the store as a kind of system.
func Kind() cluster.Kind {
	return cluster.Kind{Name: "multileader", Doc: "a key-value store in which every node leads and tells the others later",
		Lectures: []course.Lecture{course.Replication, course.Clocks, course.ReplicaConsistency},
		Nodes:    5,
		Modes:    modes.Described(), Bugs: bugs.Described(),
		Ops: versioned.Ops(), CrashPoints: crashPoints, Config: defaults, Open: open, Probe: kv.Probe, Suffers: sim.Suffers(),
		Variants: topologies, Compared: []string{"causal", "lamport", "lamport+ring", "lamport+star", "wall", "siblings"},
		Errors: []cluster.Error{
			{Name: behind, Definite: true, Why: "the node lacks what the client's session has seen elsewhere"},
			{Name: "disk", Why: "the disk failed when the update was stored"},
			{Name: "not-read", Definite: true, Why: "a client was to replace a value that it has not read: a mistake of the workload"},
		}}
}
