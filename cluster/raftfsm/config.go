package raftfsm

import (
	"time"

	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
)

// Config are the settings. Durations are in nanoseconds as JSON.
type Config struct {
	Raft   raftnode.Config `json:"raft"`
	Client rpc.Timeouts    `json:"client"`
	sim.Hardware
}

func defaults() *Config {
	return &Config{Raft: raftnode.Config{}.WithDefaults(),
		Client:   rpc.Timeouts{Operation: time.Second, Attempt: 400 * time.Millisecond, Backoff: 20 * time.Millisecond},
		Hardware: sim.Hardware{}.WithDefaults()}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	if err := c.Raft.Validate(); err != nil {
		return err
	}
	return c.Hardware.Validate()
}
