package foreign

import (
	"fmt"
	"time"

	"faultline/cluster"
	"faultline/cluster/foreign/build"
	"faultline/cluster/foreign/description"
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
	sim.Hardware
}

// inside reports whether the nodes run inside the world's process.
func (c *Config) inside() bool { return c.Processes == oneProcess }

// The values of Config.Processes; empty is the first.
const (
	manyProcesses = "many"
	oneProcess    = "one"
)

var (
	_ cluster.Described = (*Config)(nil)
	_ cluster.Built     = (*Config)(nil)
)

// configOf is the config of a description, from a file or from none.
func configOf(d description.Description, source string) *Config {
	return &Config{Description: d, Source: source, Timeout: d.Client.Timeout.Duration, Processes: manyProcesses,
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
