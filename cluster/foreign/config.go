package foreign

import (
	"fmt"
	"math"
	"time"

	"faultline/cluster"
	"faultline/cluster/foreign/build"
	"faultline/cluster/foreign/description"
	"faultline/cluster/guest"
	"faultline/cluster/sim"
)

// Config is a system that is described, and what can be set about it. It is all that a stored run needs to be repeated.
type Config struct {
	Description description.Description `json:"description"`
	Source      string                  `json:"source,omitempty"` // the file of the description, as whoever asked for it named it; empty for one that comes with Faultline
	Programs    build.Record            `json:"programs"`         // what it was built from; empty if it was not built
	Timeout     time.Duration           `json:"timeout" flag:"client-timeout" doc:"how long a client waits for the answer to an operation"`
	// Processes is one if all nodes are goroutines of the world's process. Their package must bear that.
	Processes string `json:"processes,omitempty" flag:"processes" doc:"many: each node is a process of its own; one: all are goroutines of one, which is faster, and for stores whose nodes share no globals" choices:"many,one"`
	LockDelay
	sim.Hardware
}

// inside reports whether the nodes run inside the world's process.
func (c *Config) inside() bool { return c.Processes == oneProcess }

// The values of Config.Processes; empty is the first.
const (
	manyProcesses = "many"
	oneProcess    = "one"
)

// LockDelay has goroutines of a node wait before they take a mutex, drawn from the seed. Goroutines of a process otherwise run one after
// the other until each waits, so that other goroutines, and kills, rarely come between two steps of one.
type LockDelay struct {
	Most  time.Duration `json:"lock_delay,omitempty" flag:"lock-delay" doc:"how long goroutines of a node wait, at most, before they take a mutex; 0 for not at all"`
	Share float64       `json:"lock_delay_share,omitempty" flag:"lock-delay-share" doc:"the share of mutexes taken that are waited for in this way, 0 to 1"`
}

// usualLockDelayShare is the share of a config that names none.
const usualLockDelayShare = 0.01

// jitter is the delay in the terms of a guest.
func (l LockDelay) jitter() guest.Jitter {
	if l.Most == 0 || l.Share == 0 {
		return guest.Jitter{}
	}
	return guest.Jitter{One: uint32(math.Round(1 / l.Share)), Most: l.Most}
}

// maxLockDelay is what a guest can be told.
const maxLockDelay = 4 * time.Second

// validate reports what no guest can be told.
func (l LockDelay) validate() error {
	switch {
	case l.Most < 0 || l.Most > maxLockDelay:
		return fmt.Errorf("a lock is delayed by up to %v: give 0 to %v", l.Most, maxLockDelay)
	case l.Share < 0 || l.Share > 1 || 0 < l.Share && l.Share < 1e-6:
		return fmt.Errorf("the share of locks that are delayed is %v: give 0.000001 to 1, or 0 for none", l.Share)
	}
	return nil
}

var (
	_ cluster.Described = (*Config)(nil)
	_ cluster.Built     = (*Config)(nil)
)

// configOf is the config of a description, from a file or from none.
func configOf(d description.Description, source string) *Config {
	return &Config{Description: d, Source: source, Timeout: d.Client.Timeout.Duration, Processes: manyProcesses, LockDelay: LockDelay{Share: usualLockDelayShare},
		Hardware: sim.Hardware{}.WithDefaults()}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	if c.Timeout < time.Millisecond {
		return fmt.Errorf("client timeout %v: give 1ms or more", c.Timeout)
	}
	switch c.Processes {
	case "", manyProcesses, oneProcess:
	default:
		return fmt.Errorf("processes %q: give %s or %s", c.Processes, manyProcesses, oneProcess)
	}
	if err := c.LockDelay.validate(); err != nil {
		return err
	}
	return c.Hardware.Validate()
}

// Build implements cluster.Built.
func (c *Config) Build() string { return c.Programs.Digest }

// Differs implements cluster.Built.
func (c *Config) Differs(then cluster.Config) []string {
	other, ok := then.(*Config)
	if !ok {
		return nil
	}
	return c.Programs.Differs(other.Programs)
}

// Portable implements cluster.Built.
func (c *Config) Portable() cluster.Config {
	portable := *c
	portable.Source, portable.Programs, portable.Description.Build = "", build.Record{}, description.Build{}
	portable.Description.Client.Package = ""
	return &portable
}
