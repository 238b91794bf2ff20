package txnkv

import (
	"cmp"
	"fmt"
	"time"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
)

// Config are the settings. Durations are in nanoseconds as JSON. Zero fields take their defaults.
type Config struct {
	Raft   raftnode.Config `json:"raft"`
	Client rpc.Timeouts    `json:"client"` // of each request of a transaction
	// LockTimeout is how long a transaction waits for a lock, and IdleTimeout how long a leader waits for a transaction's next step.
	LockTimeout time.Duration `json:"lock_timeout" flag:"lock-timeout" doc:"how long a transaction waits for a lock before it is aborted"`
	IdleTimeout time.Duration `json:"idle_timeout" flag:"idle-timeout" doc:"how long a leader hears nothing of a transaction before it aborts it"`
	// ClockBound is how wrong the clocks of nodes can be, in the mode commit-wait.
	ClockBound time.Duration `json:"clock_bound" flag:"clock-bound" doc:"how wrong a node's clock may be, as it believes, in the mode commit-wait"`
	Shards     int           `json:"shards" flag:"shards" doc:"groups of nodes, with a log each, over which the keys are spread"`
	sim.Hardware
}

// WithDefaults fills in what is not set.
func (c Config) WithDefaults() Config {
	c.Raft = c.Raft.WithDefaults()
	c.Client.Operation = cmp.Or(c.Client.Operation, time.Second)
	c.Client.Attempt = cmp.Or(c.Client.Attempt, 200*time.Millisecond)
	c.Client.Backoff = cmp.Or(c.Client.Backoff, 20*time.Millisecond)
	c.LockTimeout = cmp.Or(c.LockTimeout, 500*time.Millisecond)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, 2*time.Second)
	c.Shards = cmp.Or(c.Shards, 1)
	c.ClockBound = cmp.Or(c.ClockBound, 5*time.Millisecond)
	c.Hardware = c.Hardware.WithDefaults()
	return c
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	full := c.WithDefaults()
	switch {
	case c.LockTimeout < 0 || c.IdleTimeout < 0:
		return fmt.Errorf("a transaction cannot wait for %v", min(c.LockTimeout, c.IdleTimeout))
	case c.ClockBound < 0:
		return fmt.Errorf("a clock cannot be wrong by %v: give more than 0", c.ClockBound)
	case c.Shards < 0:
		return fmt.Errorf("shards %d: give 1 or more", c.Shards)
	case full.LockTimeout >= full.Client.Operation:
		return fmt.Errorf("lock time-out %v: a client waits for %v, so give less than that", full.LockTimeout, full.Client.Operation)
	}
	if err := full.Raft.Validate(); err != nil {
		return err
	}
	return full.Hardware.Validate()
}

// check refuses shards of less than two nodes, and conflicts over several logs.
func check(env cluster.Env) error {
	shards := env.Config.(*Config).WithDefaults().Shards
	switch {
	case shards == 1:
		return nil
	case env.Nodes < 2*shards:
		return fmt.Errorf("shards %d: a shard has two nodes or more, so give %d nodes", shards, 2*shards)
	case modes.Called(env.Mode).conflicts:
		return fmt.Errorf("shards %d: %s looks for dangerous structures in one log; use a level that locks, or snapshot-isolation", shards, env.Mode)
	}
	return nil
}
