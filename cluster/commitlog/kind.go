package commitlog

import (
	"fmt"
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/rpc"
)

// Config are the settings. Durations are in nanoseconds as JSON.
type Config struct {
	MinInSync      int             `json:"min_in_sync" flag:"min-insync" doc:"how many replicas must be in sync for a write to be taken, where all of them acknowledge it; 0 for 2, and 1 in the mode unclean"`
	ReplicaLag     time.Duration   `json:"replica_lag" flag:"replica-lag" doc:"how long a replica may be behind before it is out of sync"`
	SessionTimeout time.Duration   `json:"session_timeout" flag:"session-timeout" doc:"how long the controller hears nothing from a broker before it elects others"`
	Heartbeat      time.Duration   `json:"heartbeat" flag:"heartbeat" doc:"how often a broker gives the controller a sign of life"`
	Raft           raftnode.Config `json:"raft"`
	Client         rpc.Timeouts    `json:"client"`
	sim.Hardware
}

func defaults() cluster.Config {
	return &Config{ReplicaLag: 2 * time.Second, SessionTimeout: 600 * time.Millisecond, Heartbeat: 100 * time.Millisecond,
		Raft:     raftnode.Config{}.WithDefaults(),
		Client:   rpc.Timeouts{Operation: 2 * time.Second, Attempt: 400 * time.Millisecond, Backoff: 20 * time.Millisecond},
		Hardware: sim.Hardware{}.WithDefaults()}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	switch {
	case c.MinInSync < 0:
		return fmt.Errorf("min insync %d: give 1 or more, or 0 for what the mode has", c.MinInSync)
	case c.Heartbeat < 5*time.Millisecond:
		return fmt.Errorf("heartbeat %v: give 5ms or more", c.Heartbeat)
	case c.SessionTimeout < 3*c.Heartbeat:
		return fmt.Errorf("session timeout %v: give three heartbeats, %v, or more", c.SessionTimeout, 3*c.Heartbeat)
	case c.ReplicaLag < 3*c.Heartbeat:
		return fmt.Errorf("replica lag %v: give three heartbeats, %v, or more", c.ReplicaLag, 3*c.Heartbeat)
	}
	if err := c.Raft.Validate(); err != nil {
		return err
	}
	return c.Hardware.Validate()
}

// check refuses to wait for more in-sync replicas than there are.
func check(env cluster.Env) error {
	if n := env.Config.(*Config).MinInSync; n > env.Nodes {
		return fmt.Errorf("min insync %d: there are %d replicas of each partition", n, env.Nodes)
	}
	return nil
}

// acks is who has a record before its producer is told so.
type acks uint8

const (
	acksAll    acks = iota // all in-sync replicas
	acksLeader             // the leader
)

// mode is what producers wait for, and whom the controller may elect.
type mode struct {
	cluster.Mode
	acks       acks
	idempotent bool
	elect      func(*metadata, *assignment)
	unclean    bool
	minInSync  int // unless the settings say otherwise
}

var modes = []mode{
	{Mode: cluster.Mode{Name: "idempotent", Claims: "what is acknowledged is in the log for good, in order and once",
		Doc:       "all in-sync replicas have a record before it is acknowledged, and one that is sent again is known again",
		Resembles: "Kafka by default since 3.0: acks=all, enable.idempotence=true; with min.insync.replicas=2",
		Way:       "a round trip to all in-sync replicas"},
		acks: acksAll, idempotent: true, elect: cleanly, minInSync: 2},
	{Mode: cluster.Mode{Name: "retries", Claims: "what is acknowledged is in the log for good, in order and at least once",
		Unless:    "an answer is lost, or late: the record is sent again, and appended again",
		BrokenBy:  doubts,
		Doc:       "as idempotent, but a record that is sent again is not known again",
		Resembles: "Kafka with enable.idempotence=false, and all that came before 0.11",
		Way:       "a round trip to all in-sync replicas"},
		acks: acksAll, elect: cleanly, minInSync: 2},
	{Mode: cluster.Mode{Name: "unclean", Claims: "what is acknowledged is in the log, in order and once, while an in-sync replica lives",
		Unless:    "none does, and another replica is elected that lacks what they have acknowledged",
		BrokenBy:  failovers,
		Doc:       "as idempotent, but one in-sync replica is enough, and if none lives anybody is elected",
		Resembles: "Kafka with unclean.leader.election.enable=true and min.insync.replicas=1, as it was by default before 0.11",
		Way:       "a round trip to all in-sync replicas"},
		acks: acksAll, idempotent: true, elect: uncleanly, unclean: true, minInSync: 1},
	{Mode: cluster.Mode{Name: "acks-1", Claims: "what is acknowledged is in the log, in order and once, while its leader lives",
		Unless:    "a follower is elected that has not fetched it yet",
		BrokenBy:  failovers,
		Doc:       "the leader has a record before it is acknowledged, and followers get it later",
		Resembles: "Kafka with acks=1, which was the default before 3.0",
		Way:       "nothing"},
		acks: acksLeader, idempotent: true, elect: cleanly, minInSync: 1},
}

// failovers are the families of faults under which the leader of a partition may change.
var failovers = []string{
	"partition", "crash", "pause", "oneway", "chase", "flap", "delay", "loss", "throttle", "reorder",
	"disk-slow", "disk-stuck", "disk-error", "disk-full", "bit-flip", "crash-at", "crash-loop", "rolling-restart", "older-snapshot",
}

// doubts are those under which a producer may not know whether a record was appended.
var doubts = append(slices.Clone(failovers), "reset", "duplicate")

var crashPoints = journal.CrashPoints()

// Kind is the log as a kind of system.
func Kind() cluster.Kind {
	k := cluster.Kind{Name: "commitlog", Doc: "a partitioned, replicated log", Nodes: 3,
		Ops: []string{ops.Send, ops.Poll, ops.Fetch}, CrashPoints: append(raftnode.CrashPoints(), crashPoints...),
		Config: defaults, Check: check, Open: open, Probe: probe,
		Suffers: []cluster.Fault{cluster.SuffersLinks, cluster.SuffersProcesses, cluster.SuffersPauses, cluster.SuffersLeadership, cluster.SuffersTransfers,
			cluster.SuffersDisks, cluster.SuffersDeaths, cluster.SuffersImpairments, cluster.SuffersResets, cluster.SuffersDuplicates},
		Errors: append(raftnode.Errors(raftnode.Meanings()),
			cluster.Error{Name: "not-enough-replicas", Definite: true, Why: "too few replicas are in sync; the leader refused before it appended anything"},
			cluster.Error{Name: "unknown-partition", Definite: true, Why: "the node did not know the partition, and appended nothing"},
			cluster.Error{Name: "deposed", Why: "the record is in the log of a leader that is none any more; the next may have it"}),
	}
	k.Scenarios = []cluster.Scenario{outlived()}
	for _, m := range modes {
		k.Modes = append(k.Modes, m.Mode)
	}
	for _, b := range bugs {
		k.Bugs = append(k.Bugs, b.Bug)
	}
	return k
}

// outlived leaves a leader with one in-sync replica, and then nobody who is in sync, while a majority of the controller's nodes lives. Drawn faults
// hardly ever do that: whoever reaches the controller mostly reaches the leader too. The controller is where it stays on the leader's side, and
// the leader n2, as that of the second partition, after the one for probes.
func outlived() cluster.Scenario {
	return cluster.Scenario{
		Name: "5 nodes, 200 operations a second; faults: three followers do not reach the leader, then it dies, and the one that is in sync too",
		Schedule: `3s transfer n1
5s oneway n2 > n3,n4,n5
5s oneway n3,n4,n5 > n2
10s crash n1,n2
10s end oneway
15s restart all
`, Nodes: 5, TimeLimit: 20 * time.Second, Keys: 1, Rate: 200}
}
