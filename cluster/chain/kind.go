package chain

import (
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
	Client rpc.Timeouts `json:"client"`
	sim.Hardware
}

func defaults() cluster.Config {
	return &Config{Timing: detector.DefaultTiming(),
		Client:   rpc.DefaultTimeouts(),
		Hardware: sim.Hardware{}.WithDefaults()}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	if err := c.Timing.Validate(); err != nil {
		return err
	}
	return c.Hardware.Validate()
}

// mode is which node serves a read, and what it asks before.
type mode struct {
	cluster.Mode
	may      func(r *replica, c kv.Command) string // says why a node cannot serve a read, if it cannot
	anywhere bool                                  // clients ask the node that is near
}

var modes = cluster.Modes[mode]{
	{Mode: cluster.Mode{Name: "fenced", Claims: "linearizable", Model: "linearizable",
		Doc:       "the tail, once the configuration store has said, after the read began, that no later chain exists",
		Resembles: "Azure Storage's streams, sealed by a Paxos-based manager; CORFU's sealed epochs",
		Way:       "two round trips, to the leader of the store of the configuration and to a majority",
		Keeps:     []string{"linearizable", "eventual"}},
		may: (*replica).fenced},
	{Mode: cluster.Mode{Name: "craq", Claims: "linearizable", Model: "linearizable",
		Doc:       "any node, as fenced; it asks the tail what is committed if it has a version that may not be",
		Resembles: "CRAQ (Terrace and Freedman 2009)",
		Way:       "as fenced; a round trip to the tail now and then",
		Keeps:     []string{"linearizable", "eventual"}},
		may: (*replica).anywhere, anywhere: true},
	{Mode: cluster.Mode{Name: "tail", Claims: "linearizable while whoever is suspected is dead", Model: "linearizable",
		Unless:    "a removed tail that was cut off, slow or paused lives on",
		BrokenBy:  removals,
		Doc:       "any node that believes that it is the tail",
		Resembles: "chain replication as it was published, for processes that stop when they fail; FAWN-KV, HyperDex",
		Way:       "nothing",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		may: (*replica).atTail},
	{Mode: cluster.Mode{Name: "stale", Claims: "consistent prefix, eventual", Model: "consistent-prefix",
		Doc:       "any node, from what it knows to be committed",
		Resembles: "CRAQ's eventual consistency",
		Way:       "nothing",
		Keeps:     []string{"consistent-prefix", "eventual"}},
		may: func(*replica, kv.Command) string { return "" }, anywhere: true},
}

// removals are the families of faults under which a node may be removed that lives: those that make it silent, or its messages late.
var removals = []string{
	"partition", "pause", "oneway", "chase", "flap", "delay", "loss", "throttle", "reorder", "reset",
	"disk-slow", "disk-stuck", "disk-error", "disk-full", "crash", "bit-flip", "crash-at", "crash-loop", "rolling-restart", "older-snapshot",
}

var crashPoints = journal.CrashPoints()

// Kind is the store as a kind of system.
func Kind() cluster.Kind {
	return cluster.Kind{Name: "chain", Doc: "a key-value store by chain replication, with reads at the tail or as in CRAQ",
		Lectures: []course.Lecture{course.Replication},
		Nodes:    5, TermNoun: "epoch",
		Modes: modes.Described(), Bugs: bugs.Described(),
		Ops: append(kv.Ops(), kv.ObjectOps()...), CrashPoints: crashPoints, Config: defaults, Open: open, Probe: kv.Probe,
		Suffers: []cluster.Fault{cluster.SuffersLinks, cluster.SuffersProcesses, cluster.SuffersPauses, cluster.SuffersLeadership,
			cluster.SuffersDisks, cluster.SuffersDeaths, cluster.SuffersImpairments, cluster.SuffersResets, cluster.SuffersDuplicates},
		Errors: []cluster.Error{
			{Name: "not-head", Definite: true, Why: "the node refused before it put anything in its log"},
			{Name: "not-tail", Definite: true, Why: "a read was refused: another node serves it"},
			{Name: "not-in-chain", Definite: true, Why: "a read was refused: the node is in no chain"},
			{Name: "not-ready", Definite: true, Why: "a read was refused: the node may lack commits of earlier epochs, or the tail did not answer"},
			{Name: "not-confirmed", Definite: true, Why: "a read was refused: there is a later epoch, or nobody could say"},
			{Name: "removed", Why: "the command is in the log of a removed head; others may have it"},
		}}
}
