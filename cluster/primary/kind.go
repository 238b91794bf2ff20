package primary

import (
	"errors"
	"fmt"

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
	Acks   int          `json:"acks" flag:"acks" doc:"how many backups have a write before it is acknowledged, in the mode semisync"`
	Client rpc.Timeouts `json:"client"`
	sim.Hardware
}

func defaults() cluster.Config {
	return &Config{Timing: detector.DefaultTiming(), Acks: 1,
		Client:   rpc.DefaultTimeouts(),
		Hardware: sim.Hardware{}.WithDefaults()}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	if err := c.Timing.Validate(); err != nil {
		return err
	}
	if c.Acks < 1 {
		return errors.New("acks: give 1 or more; the mode async asks for none")
	}
	return c.Hardware.Validate()
}

// check refuses more acknowledgements than there are backups.
func check(env cluster.Env) error {
	if acks := env.Config.(*Config).Acks; env.Mode == "semisync" && acks > env.Nodes-1 {
		return fmt.Errorf("acks %d: of %d nodes at most %d are backups", acks, env.Nodes, env.Nodes-1)
	}
	return nil
}

// mode is when a write is acknowledged, and whether a primary is fenced off when another takes over.
type mode struct {
	cluster.Mode
	fenced     bool
	replicated func(r *replica, n uint64) bool // whether the first n entries are on enough nodes
}

var modes = cluster.Modes[mode]{
	{Mode: cluster.Mode{Name: "fenced", Claims: "linearizable", Model: "linearizable",
		Doc:       "as sync, and a primary needs a majority that has promised to obey no earlier primary",
		Resembles: "Viewstamped Replication; Kafka's acks=all with min.insync.replicas",
		Way:       "a round trip to a majority",
		Keeps:     []string{"linearizable", "eventual"}},
		fenced:     true,
		replicated: func(r *replica, n uint64) bool { return r.missing(n) == 0 && r.have(n) >= r.majority() }},
	{Mode: cluster.Mode{Name: "sync", Claims: "linearizable while whoever is suspected is dead and stays so", Model: "linearizable",
		Unless:    "a deposed primary that was cut off, slow or paused lives on; or a backup that was down takes over before it has caught up",
		BrokenBy:  failovers,
		Doc:       "all backups that the primary does not suspect have a write before it is acknowledged",
		Resembles: "PostgreSQL's synchronous standbys with a script for the failover",
		Way:       "nothing",
		Keeps:     []string{"eventual"}},
		replicated: func(r *replica, n uint64) bool { return r.missing(n) == 0 }},
	{Mode: cluster.Mode{Name: "semisync", Claims: "linearizable while there is no failover", Model: "linearizable",
		Unless:    "a backup that lacks what another has acknowledged takes over, or the deposed primary lives on",
		BrokenBy:  failovers,
		Doc:       "one backup, or as many as --acks says, has a write before it is acknowledged",
		Resembles: "MySQL's semi-synchronous replication without a fallback",
		Way:       "nothing",
		Keeps:     []string{"eventual"}},
		replicated: func(r *replica, n uint64) bool { return r.have(n) >= min(r.config.Acks, len(r.others)) }},
	{Mode: cluster.Mode{Name: "async", Claims: "linearizable while there is no failover", Model: "linearizable",
		Unless:    "a backup that lacks what the primary had acknowledged and not passed on takes over, or the deposed primary lives on",
		BrokenBy:  failovers,
		Doc:       "a write is acknowledged once the primary has it, and backups get it later",
		Resembles: "Redis with Sentinel, MySQL by default",
		Way:       "nothing",
		Keeps:     []string{"eventual"}},
		replicated: func(*replica, uint64) bool { return true }},
}

// failovers are the families of faults under which a backup may take over: those that make a primary silent or its messages late. Slow
// disks are not among them, as signs of life do not wait for a disk.
var failovers = []string{
	"partition", "crash", "pause", "oneway", "chase", "flap", "delay", "loss", "throttle", "reorder",
	"disk-error", "disk-full", "bit-flip", "crash-at", "crash-loop", "rolling-restart", "older-snapshot",
}

var crashPoints = journal.CrashPoints()

// Kind is the store as a kind of system.
func Kind() cluster.Kind {
	return cluster.Kind{Name: "primary", Doc: "a key-value store with a primary and backups",
		Lectures: []course.Lecture{course.Replication, course.Failures},
		Nodes:    5, TermNoun: "epoch",
		Modes: modes.Described(), Bugs: bugs.Described(),
		Ops: append(kv.Ops(), kv.ObjectOps()...), CrashPoints: crashPoints, Config: defaults, Check: check, Open: open, Probe: kv.Probe,
		Suffers: []cluster.Fault{cluster.SuffersLinks, cluster.SuffersProcesses, cluster.SuffersPauses, cluster.SuffersLeadership,
			cluster.SuffersDisks, cluster.SuffersDeaths, cluster.SuffersImpairments, cluster.SuffersResets, cluster.SuffersDuplicates},
		Errors: []cluster.Error{
			{Name: "not-primary", Definite: true, Why: "the node refused before it put anything in its log; or a read, when it was deposed"},
			{Name: "not-ready", Definite: true, Why: "a read was refused: the primary has committed nothing in its epoch"},
			{Name: "deposed", Why: "the command is in the log of a deposed primary; the next one may have it"},
		}}
}
