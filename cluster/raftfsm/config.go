package raftfsm

import (
	"time"

	"faultline/cluster/network"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim/rpc"
)

// Config are the settings. Durations are in nanoseconds as JSON.
type Config struct {
	Raft   raftnode.Config `json:"raft"`
	Client rpc.Timeouts    `json:"client"`
	Delay  network.Delay   `json:"delay"`
}

func defaults() *Config {
	return &Config{Raft: raftnode.Config{}.WithDefaults(),
		Client: rpc.Timeouts{Operation: time.Second, Attempt: 400 * time.Millisecond, Backoff: 20 * time.Millisecond},
		Delay:  network.Delay{Base: 500 * time.Microsecond, Tail: 500 * time.Microsecond}}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error { return c.Raft.Validate() }

// RoundTrip is how long a message and its answer take, in the median.
func (c *Config) RoundTrip() time.Duration { return c.Delay.RoundTrip() }
