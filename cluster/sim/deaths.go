package sim

import (
	"errors"
	"fmt"
	"slices"

	"faultline/cluster"
	"faultline/cluster/disk"
)

// CrashAt has the process die when it next gets to the point, as by Crash.
func (c *Cluster) CrashAt(name, point string) error {
	m, err := c.machine(name)
	switch {
	case err != nil:
		return err
	case !slices.Contains(c.config.CrashPoints, point):
		return fmt.Errorf("there is no point %q to crash at", point)
	}
	m.disk.Arm(disk.Point(point))
	return nil
}

// Disarm undoes CrashAt.
func (c *Cluster) Disarm(name string) error {
	m, err := c.machine(name)
	if err != nil {
		return err
	}
	m.disk.Disarm()
	return nil
}

// OnDeath says who is told of deaths.
func (c *Cluster) OnDeath(f func(cluster.Death)) { c.onDeath = f }

// die ends the node's process on the process's own goroutine, which goes on into the void.
func (c *Cluster) die(m *machine, kind, detail string) {
	if !c.dieStarting(m) {
		if err := c.end(m, crash); errors.Is(err, errDown) {
			return // killed from outside at the same instant
		}
	}
	fmt.Fprintf(m.log, "[ERROR] process: died: %s: %s\n", kind, detail)
	if c.onDeath != nil {
		c.onDeath(cluster.Death{Node: m.name, Kind: kind, Detail: detail})
	}
}

// dieStarting cuts off a process that is not live yet. The goroutine that boots it also cleans up.
func (c *Cluster) dieStarting(m *machine) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.starting == nil {
		return false
	}
	m.starting.cutOff(crash.host)
	_ = crash.volume(m.starting.volume) // its error would be of closing the file
	return true
}
