package raftkv

import (
	"fmt"
	"time"

	"faultline/cluster"
	"faultline/cluster/disk"
)

// diskFaults says how each fault begins, but for slowness, which has a measure, and how it ends.
var diskFaults = map[cluster.DiskFault]struct{ begin, end func(*disk.Disk) }{
	cluster.SlowDisk:  {nil, (*disk.Disk).Fast},
	cluster.StuckDisk: {(*disk.Disk).Stick, (*disk.Disk).Unstick},
	cluster.BadDisk:   {(*disk.Disk).Fail, (*disk.Disk).Mend},
	cluster.FullDisk:  {(*disk.Disk).Fill, (*disk.Disk).Free},
	cluster.LyingDisk: {(*disk.Disk).Lie, (*disk.Disk).BeHonest},
}

// SlowDisk makes a node's syncs slow.
func (s *System) SlowDisk(name string, base, tail time.Duration) error {
	n, err := s.node(name)
	if err != nil {
		return err
	}
	n.disk.Slow(base, tail)
	return nil
}

// BreakDisk begins a fault that has no measure.
func (s *System) BreakDisk(name string, kind cluster.DiskFault) error {
	n, err := s.node(name)
	switch {
	case err != nil:
		return err
	case diskFaults[kind].begin == nil:
		return fmt.Errorf("a disk cannot be made %s by BreakDisk", kind)
	}
	diskFaults[kind].begin(n.disk)
	return nil
}

// MendDisk ends a fault.
func (s *System) MendDisk(name string, kind cluster.DiskFault) error {
	n, err := s.node(name)
	switch {
	case err != nil:
		return err
	case diskFaults[kind].end == nil:
		return fmt.Errorf("there is no fault %q of disks", kind)
	}
	diskFaults[kind].end(n.disk)
	return nil
}

// HasStored reports whether a node has written entries, or a snapshot.
func (s *System) HasStored(name, part string) bool {
	n, err := s.node(name)
	return err == nil && n.disk.Has(disk.Part(part))
}

// FlipBit damages the files of a node that is down. The node does not start until RepairDisk.
func (s *System) FlipBit(name, part string) error {
	n, err := s.downNode(name)
	switch {
	case err != nil:
		return err
	case part != string(disk.LogPart) && part != string(disk.SnapshotPart):
		return fmt.Errorf("a node stores no %q", part)
	}
	if err := n.disk.Flip(disk.Part(part)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// RepairDisk undoes FlipBit.
func (s *System) RepairDisk(name string) error {
	n, err := s.downNode(name)
	if err != nil {
		return err
	}
	if err := n.disk.Repair(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// RestartOlder starts a node that is down, without its newest snapshot if it can do without.
func (s *System) RestartOlder(name string) error {
	n, err := s.downNode(name)
	if err != nil {
		return err
	}
	if err := n.disk.Drop(disk.SnapshotPart); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return s.Restart(name)
}

func (s *System) downNode(name string) (*node, error) {
	n, err := s.node(name)
	switch {
	case err != nil:
		return nil, err
	case s.running(n):
		return nil, fmt.Errorf("%s is running", name)
	}
	return n, nil
}
