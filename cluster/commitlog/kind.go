package commitlog

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/course"
	"faultline/cluster/ops"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/rpc"
	"faultline/internal/wording"
)

// Config are the settings. Durations are in nanoseconds as JSON.
type Config struct {
	MinInSync          int             `json:"min_in_sync" flag:"min-insync" doc:"how many replicas must be in sync for a write to be taken, where all of them acknowledge it; 0 for 2, and 1 in the mode unclean"`
	ReplicaLag         time.Duration   `json:"replica_lag" flag:"replica-lag" doc:"how long a replica may be behind before it is out of sync"`
	SessionTimeout     time.Duration   `json:"session_timeout" flag:"session-timeout" doc:"how long the controller hears nothing from a broker before it elects others"`
	GroupSession       time.Duration   `json:"group_session" flag:"group-session" doc:"how long the coordinator hears nothing from a member of a group before it gives its partitions to others"`
	TransactionTimeout time.Duration   `json:"transaction_timeout" flag:"transaction-timeout" doc:"how long a transaction may take before its coordinator aborts it"`
	Heartbeat          time.Duration   `json:"heartbeat" flag:"heartbeat" doc:"how often a broker gives the controller a sign of life"`
	Raft               raftnode.Config `json:"raft"`
	Client             rpc.Timeouts    `json:"client"`
	sim.Hardware
}

func defaults() cluster.Config {
	return &Config{ReplicaLag: 2 * time.Second, SessionTimeout: 600 * time.Millisecond, GroupSession: 2 * time.Second,
		TransactionTimeout: 2 * time.Second, Heartbeat: 100 * time.Millisecond,
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
	case c.GroupSession < time.Millisecond:
		return fmt.Errorf("group session %v: give 1ms or more", c.GroupSession)
	case c.TransactionTimeout < time.Millisecond:
		return fmt.Errorf("transaction timeout %v: give 1ms or more", c.TransactionTimeout)
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
	if n := env.Config.(*Config).minInSync(modes.Called(env.Mode)); n > env.Nodes {
		return fmt.Errorf("min insync %d: with %s there are no more replicas of a partition; give --min-insync %d or more nodes",
			n, wording.Count(env.Nodes, "node"), env.Nodes)
	}
	return nil
}

// minInSync is how many replicas must be in sync for a write to be taken; 0 where it does not wait for them, as in Kafka.
func (c *Config) minInSync(m mode) int {
	switch {
	case m.acks != acksAll:
		return 0
	case m.unclean:
		return cmp.Or(c.MinInSync, 1)
	default:
		return cmp.Or(c.MinInSync, 2)
	}
}

// acks says which replicas have a record before it is acknowledged.
type acks uint8

const (
	acksAll    acks = iota // all in-sync replicas
	acksLeader             // the leader
	acksNone               // nobody: it does not wait
)

// mode is what producers wait for, and whom the controller may elect.
type mode struct {
	cluster.Mode
	acks       acks
	idempotent bool
	unclean    bool                                // anybody is elected if no in-sync replica lives
	process    func(*client, work) cluster.Outcome // what workers of groups do with records
	dualWrites bool                                // views are written one after the other, and not derived from one log

	transactions     bool // what is sent together is a transaction
	readsUncommitted bool // consumers do not wait until transactions are decided, and get what was aborted
}

var modes = cluster.Modes[mode]{
	{Mode: cluster.Mode{Name: "transactions", Claims: "as idempotent, and atomic: what is sent in a transaction is read as a whole or never",
		Doc:       "as idempotent, and records sent to several partitions are a transaction; so are the results and offsets of workers",
		Resembles: "Kafka since 4.0 with a transactional.id and isolation.level=read_committed; Kafka Streams with processing.guarantee=exactly_once_v2",
		Way:       "round trips to the coordinator of transactions before the first record and after the last"},
		acks: acksAll, idempotent: true, process: (*client).transactionally, transactions: true},
	{Mode: cluster.Mode{Name: "idempotent", Claims: "durable, in order and once",
		Doc:       "all in-sync replicas have a record before it is acknowledged, and a repeated record is recognized",
		Resembles: "Kafka by default since 3.0: acks=all, enable.idempotence=true; with min.insync.replicas=2",
		Way:       "a round trip to all in-sync replicas"},
		acks: acksAll, idempotent: true, process: (*client).exactlyOnce},
	{Mode: cluster.Mode{Name: "retries", Claims: "durable, in order and at least once",
		Unless:    "an answer is lost, or late: the record is sent again, and appended again",
		BrokenBy:  doubts,
		Doc:       "as idempotent, but a repeated record is not recognized",
		Resembles: "Kafka with enable.idempotence=false, and all that came before 0.11",
		Way:       "a round trip to all in-sync replicas"},
		acks: acksAll, process: (*client).exactlyOnce},
	{Mode: cluster.Mode{Name: "unclean", Claims: "durable while an in-sync replica lives, in order and once",
		Unless:    "none does, and a replica that lacks acknowledged records is elected",
		BrokenBy:  failovers,
		Doc:       "as idempotent, but one in-sync replica is enough, and if none lives any replica may be elected",
		Resembles: "Kafka with unclean.leader.election.enable=true and min.insync.replicas=1, as it was by default before 0.11",
		Way:       "a round trip to all in-sync replicas"},
		acks: acksAll, idempotent: true, unclean: true, process: (*client).exactlyOnce},
	{Mode: cluster.Mode{Name: "acks-1", Claims: "durable while its leader lives, in order and once",
		Unless:    "a follower that has not fetched it yet is elected",
		BrokenBy:  failovers,
		Doc:       "the leader has a record before it is acknowledged, and followers get it later",
		Resembles: "Kafka with acks=1, which was the default before 3.0",
		Way:       "nothing"},
		acks: acksLeader, idempotent: true, process: (*client).exactlyOnce},
	{Mode: cluster.Mode{Name: "acks-0", Claims: "at most once, and durable while its leader lives and nothing breaks",
		Unless:    "the leader fails or is deposed, or a connection breaks",
		BrokenBy:  doubts,
		Doc:       "a record is sent once, to the supposed leader, and counts as acknowledged",
		Resembles: "Kafka with acks=0",
		Way:       "not even the round trip to the node"},
		acks: acksNone, process: (*client).exactlyOnce},
	{Mode: cluster.Mode{Name: "at-least-once", Claims: "as idempotent, with one result or more of each record that workers process",
		Doc:       "as idempotent, but workers append results whose repetitions are not recognized, and then commit their offsets",
		Resembles: "Kafka Streams with processing.guarantee=at_least_once; a consumer that commits when it has processed",
		Way:       "a round trip to all in-sync replicas"},
		acks: acksAll, idempotent: true, process: (*client).atLeastOnce},
	{Mode: cluster.Mode{Name: "at-most-once", Claims: "as idempotent, with one result of each record that workers process, or none",
		Doc:       "as idempotent, but workers commit their offsets, and then append results",
		Resembles: "a Kafka consumer with enable.auto.commit=true that fails while it processes",
		Way:       "a round trip to all in-sync replicas"},
		acks: acksAll, idempotent: true, process: (*client).atMostOnce},
	{Mode: cluster.Mode{Name: "dual-writes", Claims: "as idempotent, with views that agree while updates of a key come one after the other and none fails",
		Doc:       "as idempotent, but an application writes to each view directly, and there is no log",
		Resembles: "an application that writes to its database, and then to its search index or its cache",
		Way:       "a round trip to all in-sync replicas for each view"},
		acks: acksAll, idempotent: true, process: (*client).exactlyOnce, dualWrites: true},
	{Mode: cluster.Mode{Name: "read-uncommitted", Claims: "as idempotent, and not atomic: what was aborted is read too, and what is not decided yet",
		Doc:       "as transactions, but consumers get every record that its partition has committed",
		Resembles: "Kafka with a transactional.id, and isolation.level=read_uncommitted as it is by default",
		Way:       "as transactions"},
		acks: acksAll, idempotent: true, process: (*client).transactionally, transactions: true, readsUncommitted: true},
}

// elect is whom the controller makes the leader of a partition.
func (m mode) elect(now *metadata, a *assignment) {
	if m.unclean {
		uncleanly(now, a)
	} else {
		cleanly(now, a)
	}
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
	return cluster.Kind{Name: "commitlog", Doc: "a partitioned, replicated log, with groups of consumers and transactions",
		Lectures: []course.Lecture{course.Talks},
		Nodes:    3,
		Modes:    modes.Described(), Bugs: bugs.Described(),
		Ops: []string{ops.Send, ops.SendAll, ops.Abandon, ops.Poll, ops.Fetch, ops.Process, ops.UpdateViews, ops.View}, CrashPoints: append(raftnode.CrashPoints(), crashPoints...),
		Config: defaults, Check: check, Open: open, Probe: probe,
		Suffers: []cluster.Fault{cluster.SuffersLinks, cluster.SuffersProcesses, cluster.SuffersPauses, cluster.SuffersLeadership, cluster.SuffersTransfers,
			cluster.SuffersDisks, cluster.SuffersDeaths, cluster.SuffersImpairments, cluster.SuffersResets, cluster.SuffersDuplicates},
		Errors: append(raftnode.Errors(raftnode.Meanings()),
			cluster.Error{Name: "not-enough-replicas", Definite: true, Why: "too few replicas are in sync; the leader refused before it appended anything"},
			cluster.Error{Name: "unknown-partition", Definite: true, Why: "the node did not know the partition, and appended nothing"},
			cluster.Error{Name: fenced, Definite: true, Why: "another client has taken the transactional id over, or the coordinator has aborted the transaction"},
			cluster.Error{Name: concurrent, Definite: true, Why: "the last transaction of this id was still being ended, and no other was begun"},
			cluster.Error{Name: "other-generation", Definite: true, Why: "the group has given the partition to another member"},
			cluster.Error{Name: "unstable-offset", Definite: true, Why: "a transaction that includes the group's offset was undecided; nothing was processed"},
			cluster.Error{Name: "deposed", Why: "the record is in the log of a deposed leader; the next one may have it"}),
	}
}
