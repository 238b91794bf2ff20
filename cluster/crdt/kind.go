package crdt

import (
	"fmt"
	"time"

	"faultline/cluster"
	"faultline/cluster/broadcast"
	"faultline/cluster/course"
	"faultline/cluster/crdt/datatypes"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/rpc"
)

// Config are the settings. Durations are in nanoseconds as JSON.
type Config struct {
	Gossip    time.Duration    `json:"gossip" flag:"gossip" doc:"how often a node tells another what that may lack, in the modes state and delta"`
	Broadcast broadcast.Timing `json:"broadcast"`
	Client    rpc.Timeouts     `json:"client"`
	sim.Hardware
}

func defaults() cluster.Config {
	return &Config{Gossip: 200 * time.Millisecond, Broadcast: broadcast.Usual(),
		Client:   rpc.Timeouts{Operation: time.Second, Attempt: 200 * time.Millisecond, Backoff: 20 * time.Millisecond},
		Hardware: sim.Hardware{}.WithDefaults()}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	if c.Gossip < 5*time.Millisecond {
		return fmt.Errorf("gossip %v: give 5ms or more", c.Gossip)
	}
	if err := c.Broadcast.Validate(); err != nil {
		return err
	}
	return c.Hardware.Validate()
}

// mode is how replicas tell each other what they have.
type mode struct {
	cluster.Mode
	start func(*replica) (way, error)
}

var modes = cluster.Modes[mode]{
	{claims("delta", "nodes send each other joins of the deltas that the other has not acknowledged",
		"Akka Distributed Data, Redis Enterprise's active-active databases"), startDeltas},
	{claims("state", "nodes send each other the states of the objects that have changed", "Riak's data types"), startStates},
	{claims("op", "nodes send each other the updates, by causal broadcast", "Automerge, Yjs, AntidoteDB"), startOperations},
}

func claims(name, doc, resembles string) cluster.Mode {
	return cluster.Mode{Name: name, Doc: doc, Resembles: resembles, Claims: "strongly eventually consistent", Model: "eventual", Way: "nothing", Keeps: []string{"eventual"}}
}

var crashPoints = journal.CrashPoints()

// Kind is the store as a kind of system.
func Kind() cluster.Kind {
	return cluster.Kind{Name: "crdt", Doc: "replicated data types that every node changes by itself",
		Lectures: []course.Lecture{course.Collaboration, course.Talks},
		Nodes:    5,
		Modes:    modes.Described(), Bugs: bugs.Described(),
		Ops: datatypes.Ops(), CrashPoints: crashPoints, Config: defaults, Open: open, Probe: probe,
		Suffers: []cluster.Fault{cluster.SuffersLinks, cluster.SuffersProcesses, cluster.SuffersPauses,
			cluster.SuffersDisks, cluster.SuffersDeaths, cluster.SuffersImpairments, cluster.SuffersResets, cluster.SuffersDuplicates},
		Errors: []cluster.Error{
			{Name: "behind", Definite: true, Why: "the node lacks updates that the client has seen, and refused before it did anything"},
			{Name: "died", Why: "the process died before it knew that the update is on its disk"},
		}}
}
