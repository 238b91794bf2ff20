package raftkv

import (
	"fmt"
	"slices"
	"time"

	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
)

// Config describes a cluster. It is part of a run's spec, and so it is JSON; durations are in
// nanoseconds. Zero fields take their defaults.
type Config struct {
	Seed  uint64 `json:"-"` // the run's
	Dir   string `json:"-"` // where the nodes' disks are
	Nodes int    `json:"-"`
	Read  string `json:"-"` // the level

	Raft   raftnode.Config `json:"raft"`
	Client ClientConfig    `json:"client"`
	sim.Hardware

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

// ClientConfig holds the time-outs of clients.
type ClientConfig struct {
	OperationTimeout time.Duration `json:"operation_timeout"`
	AttemptTimeout   time.Duration `json:"attempt_timeout"`
	Backoff          time.Duration `json:"backoff"`
	Affinity         Affinity      `json:"affinity,omitempty" flag:"affinity" doc:"which node a client asks for reads that any node may serve: prefer its own, stay at it, or roam" choices:"prefer,stay,roam"`
	// BlindRetries has a client send a command again as another command, as one does without sessions: it may be applied twice.
	BlindRetries bool `json:"blind_retries,omitempty" flag:"blind-retries" doc:"make clients retry a command as a new one, so that it may be applied twice"`
}

// WithDefaults fills in what is not set.
func (c Config) WithDefaults() Config {
	or(&c.Nodes, 5)
	or(&c.Read, DefaultLevel)
	c.Raft = c.Raft.WithDefaults()
	or(&c.Client.OperationTimeout, time.Second)
	or(&c.Client.AttemptTimeout, 400*time.Millisecond)
	or(&c.Client.Backoff, 20*time.Millisecond)
	or(&c.Client.Affinity, Prefer)
	or(&c.Lease, c.Raft.HeartbeatTimeout/2)
	or(&c.Bound, time.Second)
	c.Hardware = c.Hardware.WithDefaults()
	return c
}

func or[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Validate reports what raft, or reason, does not allow.
func (c Config) Validate() error {
	c = c.WithDefaults()
	if c.Nodes < 1 || c.Nodes > 99 {
		return fmt.Errorf("a cluster has 1 to 99 nodes, not %d", c.Nodes)
	}
	if _, ok := levelByName(c.Read); !ok {
		return fmt.Errorf("unknown read level %q", c.Read)
	}
	if err := c.Raft.Validate(); err != nil {
		return err
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
	return c.Hardware.Validate()
}

// Staleness is how old a read may be at the level bounded.
func (c Config) Staleness() time.Duration { return c.Bound }
