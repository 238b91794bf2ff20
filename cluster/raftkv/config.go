package raftkv

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"faultline/cluster/network"
)

// Config describes a cluster. It is part of a run's spec, and so it is JSON; durations are in
// nanoseconds. Zero fields take their defaults.
type Config struct {
	Seed  uint64 `json:"-"` // the run's
	Dir   string `json:"-"` // where the nodes' disks are
	Nodes int    `json:"-"`
	Read  string `json:"-"` // the level

	Raft   RaftConfig    `json:"raft"`
	Client ClientConfig  `json:"client"`
	Delay  network.Delay `json:"delay"`

	// Lease is how long a leader serves reads by itself before it asks again, at the level lease.
	Lease time.Duration `json:"lease"`
	// Bound is how old a read may be at the level bounded: it sees all that was acknowledged so long before it.
	Bound time.Duration `json:"bound"`

	// Trace has the system report all messages, as far as they are recorded: see network.MaxWrites and
	// network.MaxWrittenBytes.
	Trace bool `json:"-"`

	// Parts takes the place of parts of each node; nil for a cluster as it should be.
	Parts *Parts `json:"-"`
}

// RaftConfig holds raft's own settings.
type RaftConfig struct {
	HeartbeatTimeout   time.Duration `json:"heartbeat_timeout" flag:"heartbeat-timeout" doc:"how long a follower hears nothing before it stands for election"`
	ElectionTimeout    time.Duration `json:"election_timeout" flag:"election-timeout" doc:"how long an election may take before it is held again"`
	LeaderLeaseTimeout time.Duration `json:"leader_lease_timeout" flag:"leader-lease-timeout" doc:"how long a leader does not hear from a majority before it steps down"`
	CommitTimeout      time.Duration `json:"commit_timeout"`
	RPCTimeout         time.Duration `json:"rpc_timeout"`
	MaxAppendEntries   int           `json:"max_append_entries"`
	MaxRPCsInFlight    int           `json:"max_rpcs_in_flight" flag:"rpcs-in-flight" doc:"requests that raft may have under way to a follower; from 2 on it pipelines"`
	SnapshotInterval   time.Duration `json:"snapshot_interval" flag:"snapshot-interval" doc:"how often a node considers a snapshot"`
	SnapshotThreshold  uint64        `json:"snapshot_threshold" flag:"snapshot-threshold" doc:"log entries that make a snapshot worth taking"`
	TrailingLogs       uint64        `json:"trailing_logs" flag:"trailing-logs" doc:"log entries kept behind a snapshot"`
	// NoSync leaves log entries in the page cache, as stores do whose writes need not survive a loss of power. Term and
	// vote are synced.
	NoSync bool `json:"no_sync,omitempty" flag:"no-sync" doc:"leave log entries in the page cache, where a loss of power takes them"`
	// SurviveCut lets a node live whose disk failed when it had deleted the end of its log and not written what follows, see
	// cutLog.
	SurviveCut bool `json:"survive_cut,omitempty" flag:"survive-cut" doc:"keep a node running after truncating its log has failed, as hashicorp/raft does"`
}

// ClientConfig holds the time-outs of clients.
type ClientConfig struct {
	OperationTimeout time.Duration `json:"operation_timeout"`
	AttemptTimeout   time.Duration `json:"attempt_timeout"`
	Backoff          time.Duration `json:"backoff"`
	Affinity         Affinity      `json:"affinity,omitempty" flag:"affinity" doc:"which node a client asks for what any may serve: prefer its own, stay at it, or roam" choices:"prefer,stay,roam"`
	// BlindRetries has a client send a command again as another command, as one does without sessions: it may be applied twice.
	BlindRetries bool `json:"blind_retries,omitempty" flag:"blind-retries" doc:"have clients send a command again as another one, which may be applied twice"`
}

// WithDefaults fills in what is not set. Raft's time-outs are its own defaults scaled to a network of
// one site, so that a minute sees many elections.
func (c Config) WithDefaults() Config {
	or(&c.Nodes, 5)
	or(&c.Read, DefaultLevel)
	or(&c.Raft.HeartbeatTimeout, 500*time.Millisecond)
	or(&c.Raft.ElectionTimeout, 500*time.Millisecond)
	or(&c.Raft.LeaderLeaseTimeout, 250*time.Millisecond)
	or(&c.Raft.CommitTimeout, 50*time.Millisecond)
	or(&c.Raft.RPCTimeout, time.Second)
	or(&c.Raft.MaxAppendEntries, 16) // so that catching up takes many requests here too
	or(&c.Raft.MaxRPCsInFlight, 1)   // a pipeline can lock up for ever, see transport
	or(&c.Raft.SnapshotInterval, 5*time.Second)
	or(&c.Raft.SnapshotThreshold, 1024)
	or(&c.Raft.TrailingLogs, 256)
	or(&c.Client.OperationTimeout, time.Second)
	or(&c.Client.AttemptTimeout, 400*time.Millisecond)
	or(&c.Client.Backoff, 20*time.Millisecond)
	or(&c.Client.Affinity, Prefer)
	or(&c.Lease, c.Raft.HeartbeatTimeout/2)
	or(&c.Bound, time.Second)
	or(&c.Delay, network.Delay{Base: 500 * time.Microsecond, Tail: 500 * time.Microsecond})
	return c
}

func or[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// shortestTimeout is what raft accepts.
const shortestTimeout = 5 * time.Millisecond

// Validate reports what raft, or reason, does not allow.
func (c Config) Validate() error {
	c = c.WithDefaults()
	if c.Nodes < 1 || c.Nodes > 99 {
		return fmt.Errorf("a cluster has 1 to 99 nodes, not %d", c.Nodes)
	}
	if _, ok := levelByName(c.Read); !ok {
		return fmt.Errorf("unknown read level %q", c.Read)
	}
	switch r := c.Raft; {
	case min(r.HeartbeatTimeout, r.ElectionTimeout, r.LeaderLeaseTimeout) < shortestTimeout:
		return fmt.Errorf("a time-out of raft is %v or longer", shortestTimeout)
	case r.LeaderLeaseTimeout > r.HeartbeatTimeout:
		return errors.New("the leader lease time-out must not be longer than the heartbeat time-out")
	case r.ElectionTimeout < r.HeartbeatTimeout:
		return errors.New("the election time-out must not be shorter than the heartbeat time-out")
	case r.SnapshotInterval < shortestTimeout:
		return fmt.Errorf("snapshot interval %v: give %v or more", r.SnapshotInterval, shortestTimeout)
	case r.MaxRPCsInFlight < 1 || r.MaxRPCsInFlight > 128:
		return fmt.Errorf("raft has 1 to 128 requests to a follower in flight, not %d", r.MaxRPCsInFlight)
	}
	switch {
	case c.Lease < 0 || promise(c.Lease) >= c.Raft.HeartbeatTimeout:
		return fmt.Errorf("a lease of %v, with a fifth as a margin, must be shorter than the heartbeat time-out, %v",
			c.Lease, c.Raft.HeartbeatTimeout)
	case !slices.Contains(Affinities(), c.Client.Affinity):
		return fmt.Errorf("unknown affinity %q of clients; there are prefer, stay and roam", c.Client.Affinity)
	case c.Bound < 0:
		return fmt.Errorf("a read cannot be %v old", c.Bound)
	}
	return nil
}

// RoundTrip is how long a message between two hosts and its answer take, in the median.
func (c Config) RoundTrip() time.Duration { return c.Delay.RoundTrip() }

// Staleness is how old a read may be at the level bounded.
func (c Config) Staleness() time.Duration { return c.Bound }
