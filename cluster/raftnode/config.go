package raftnode

import (
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/raft"
)

// Config holds raft's own settings, and how it is run. It is JSON as part of a system's; durations are in nanoseconds. Zero
// fields take their defaults.
type Config struct {
	HeartbeatTimeout   time.Duration `json:"heartbeat_timeout" flag:"heartbeat-timeout" doc:"how long a follower waits to hear from a leader before it stands for election"`
	ElectionTimeout    time.Duration `json:"election_timeout" flag:"election-timeout" doc:"how long an election may take before it is held again"`
	LeaderLeaseTimeout time.Duration `json:"leader_lease_timeout" flag:"leader-lease-timeout" doc:"how long a leader waits to hear from a majority before it steps down"`
	CommitTimeout      time.Duration `json:"commit_timeout"`
	RPCTimeout         time.Duration `json:"rpc_timeout"`
	MaxAppendEntries   int           `json:"max_append_entries"`
	MaxRPCsInFlight    int           `json:"max_rpcs_in_flight" flag:"rpcs-in-flight" doc:"requests that raft may have under way to a follower; from 2 on it pipelines"`
	SnapshotInterval   time.Duration `json:"snapshot_interval" flag:"snapshot-interval" doc:"how often a node considers a snapshot"`
	SnapshotThreshold  uint64        `json:"snapshot_threshold" flag:"snapshot-threshold" doc:"log entries that make a snapshot worth taking"`
	TrailingLogs       uint64        `json:"trailing_logs" flag:"trailing-logs" doc:"log entries kept after a snapshot"`
	// NoSync leaves log entries in the page cache, as stores do whose writes need not survive a loss of power. Term and
	// vote are synced.
	NoSync bool `json:"no_sync,omitempty" flag:"no-sync" doc:"leave log entries in the page cache, so that a power loss loses them"`
	// SurviveCut lets a node live whose disk failed when it had deleted the end of its log and not written what follows, see
	// cutLog.
	SurviveCut bool `json:"survive_cut,omitempty" flag:"survive-cut" doc:"keep a node running after truncating its log has failed, as hashicorp/raft does"`
}

// WithDefaults fills in what is not set. The time-outs are raft's own defaults scaled to a network of one site, so that a
// minute sees many elections.
func (c Config) WithDefaults() Config {
	or(&c.HeartbeatTimeout, 500*time.Millisecond)
	or(&c.ElectionTimeout, 500*time.Millisecond)
	or(&c.LeaderLeaseTimeout, 250*time.Millisecond)
	or(&c.CommitTimeout, 50*time.Millisecond)
	or(&c.RPCTimeout, time.Second)
	or(&c.MaxAppendEntries, 16) // so that catching up takes many requests here too
	or(&c.MaxRPCsInFlight, 1)   // a pipeline can lock up for ever, see pipelining
	or(&c.SnapshotInterval, 5*time.Second)
	or(&c.SnapshotThreshold, 1024)
	or(&c.TrailingLogs, 256)
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

// Validate reports what raft, or reason, does not allow of settings that have their defaults.
func (c Config) Validate() error {
	switch {
	case min(c.HeartbeatTimeout, c.ElectionTimeout, c.LeaderLeaseTimeout) < shortestTimeout:
		return fmt.Errorf("a time-out of raft is %v or longer", shortestTimeout)
	case c.LeaderLeaseTimeout > c.HeartbeatTimeout:
		return errors.New("the leader lease time-out must not be longer than the heartbeat time-out")
	case c.ElectionTimeout < c.HeartbeatTimeout:
		return errors.New("the election time-out must not be shorter than the heartbeat time-out")
	case c.SnapshotInterval < shortestTimeout:
		return fmt.Errorf("snapshot interval %v: give %v or more", c.SnapshotInterval, shortestTimeout)
	case c.MaxRPCsInFlight < 1 || c.MaxRPCsInFlight > 128:
		return fmt.Errorf("raft has 1 to 128 requests to a follower in flight, not %d", c.MaxRPCsInFlight)
	}
	return nil
}

// settings are raft's, for one node.
func (c Config) settings(node string) *raft.Config {
	s := raft.DefaultConfig()
	s.LocalID = raft.ServerID(node)
	s.HeartbeatTimeout = c.HeartbeatTimeout
	s.ElectionTimeout = c.ElectionTimeout
	s.LeaderLeaseTimeout = c.LeaderLeaseTimeout
	s.CommitTimeout = c.CommitTimeout
	s.MaxAppendEntries = c.MaxAppendEntries
	s.SnapshotInterval = c.SnapshotInterval
	s.SnapshotThreshold = c.SnapshotThreshold
	s.TrailingLogs = c.TrailingLogs
	s.NoLegacyTelemetry = true
	// A leader that is removed follows, as others do who are. By default its raft shuts down, in a process that goes
	// on and can never be a member again: messages to it wait for ever for raft to take them.
	s.ShutdownOnRemove = false
	return s
}
