package raftfsm

import (
	"cmp"
	"time"

	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
)

// Config are the settings. Durations are in nanoseconds as JSON. Zero fields take their defaults.
type Config struct {
	Raft   raftnode.Config `json:"raft"`
	Client rpc.Timeouts    `json:"client"`
	sim.Hardware
}

// WithDefaults fills in what is not set.
func (c Config) WithDefaults() Config {
	c.Raft = c.Raft.WithDefaults()
	c.Client.Operation = cmp.Or(c.Client.Operation, time.Second)
	c.Client.Attempt = cmp.Or(c.Client.Attempt, 400*time.Millisecond)
	c.Client.Backoff = cmp.Or(c.Client.Backoff, 20*time.Millisecond)
	c.Hardware = c.Hardware.WithDefaults()
	return c
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	full := c.WithDefaults()
	if err := full.Raft.Validate(); err != nil {
		return err
	}
	return full.Hardware.Validate()
}
