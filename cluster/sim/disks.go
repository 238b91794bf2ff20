package sim

import (
	"fmt"
	"time"

	"faultline/cluster"
	"faultline/cluster/disk"
)

// diskFaults says how each fault begins and ends. Slowness has a measure, and begins in SlowDisk.
var diskFaults = map[cluster.DiskFault]struct{ begin, end func(*disk.Disk) }{
	cluster.SlowDisk:  {nil, (*disk.Disk).Fast},
	cluster.StuckDisk: {(*disk.Disk).Stick, (*disk.Disk).Unstick},
	cluster.BadDisk:   {(*disk.Disk).Fail, (*disk.Disk).Mend},
	cluster.FullDisk:  {(*disk.Disk).Fill, (*disk.Disk).Free},
	cluster.LyingDisk: {(*disk.Disk).Lie, (*disk.Disk).BeHonest},
}

// SlowDisk makes a node's syncs slow.
func (c *Cluster) SlowDisk(name string, base, tail time.Duration) error {
	m, err := c.machine(name)
	if err != nil {
		return err
	}
	m.disk.Slow(base, tail)
	return nil
}

// BreakDisk begins a fault other than slowness.
func (c *Cluster) BreakDisk(name string, kind cluster.DiskFault) error {
	m, err := c.machine(name)
	switch {
	case err != nil:
		return err
	case diskFaults[kind].begin == nil:
		return fmt.Errorf("a disk cannot be made %s by BreakDisk", kind)
	}
	diskFaults[kind].begin(m.disk)
	return nil
}

// MendDisk ends a fault.
func (c *Cluster) MendDisk(name string, kind cluster.DiskFault) error {
	m, err := c.machine(name)
	switch {
	case err != nil:
		return err
	case diskFaults[kind].end == nil:
		return fmt.Errorf("there is no fault %q of disks", kind)
	}
	diskFaults[kind].end(m.disk)
	return nil
}

// HasStored reports whether a node has written entries, or a snapshot.
func (c *Cluster) HasStored(name, part string) bool {
	m, err := c.machine(name)
	return err == nil && m.disk.Has(disk.Part(part))
}

// FlipBit damages the files of a node that is down. The node does not start until RepairDisk, if it finds the damage.
func (c *Cluster) FlipBit(name, part string) error { return c.damage(name, part, (*disk.Disk).Flip) }

// Truncate is FlipBit for the end of a file.
func (c *Cluster) Truncate(name, part string) error {
	return c.damage(name, part, (*disk.Disk).Truncate)
}

func (c *Cluster) damage(name, part string, do func(*disk.Disk, disk.Part) error) error {
	m, err := c.downMachine(name)
	if err != nil {
		return err
	}
	if err := do(m.disk, disk.Part(part)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// RepairDisk undoes FlipBit and Truncate. Of a node that runs it undoes what it can.
func (c *Cluster) RepairDisk(name string) error {
	m, err := c.machine(name)
	if err != nil {
		return err
	}
	repair := (*disk.Disk).Repair
	if c.running(m) {
		repair = (*disk.Disk).RepairInPlace
	}
	if err := repair(m.disk); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// RestartOlder starts a node that is down, without its newest snapshot if it can do without.
func (c *Cluster) RestartOlder(name string) error {
	m, err := c.downMachine(name)
	if err != nil {
		return err
	}
	if err := m.disk.Drop(disk.SnapshotPart); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return c.Restart(name)
}

func (c *Cluster) downMachine(name string) (*machine, error) {
	m, err := c.machine(name)
	switch {
	case err != nil:
		return nil, err
	case c.running(m):
		return nil, fmt.Errorf("%s is running", name)
	}
	return m, nil
}
