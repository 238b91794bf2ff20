package raftkv

import (
	"errors"
	"fmt"
	"slices"

	"faultline/cluster"
	"faultline/cluster/disk"
	"faultline/cluster/network"
	"faultline/cluster/raftkv/raftstore"
)

var crashPoints = []string{
	string(raftstore.LogWrite), string(raftstore.LogSync), string(raftstore.VoteWrite), string(raftstore.Snapshot), string(raftstore.Restore),
}

// CrashPoints are before a log write, after it and before its sync, between the two writes of a vote,
// before a snapshot exists, and before the state is restored from one.
func (s *System) CrashPoints() []string { return slices.Clone(crashPoints) }

// CrashAt has the process die when it next gets to the point, as by Crash.
func (s *System) CrashAt(name, point string) error {
	n, err := s.node(name)
	switch {
	case err != nil:
		return err
	case !slices.Contains(crashPoints, point):
		return fmt.Errorf("there is no point %q to crash at", point)
	}
	n.disk.Arm(disk.Point(point))
	return nil
}

// Disarm undoes CrashAt.
func (s *System) Disarm(name string) error {
	n, err := s.node(name)
	if err != nil {
		return err
	}
	n.disk.Disarm()
	return nil
}

// OnDeath says who is told of deaths.
func (s *System) OnDeath(f func(cluster.Death)) { s.onDeath = f }

// die ends the node's process on the process's own goroutine, which goes on into the void.
func (s *System) die(n *node, kind, detail string) {
	if !s.dieStarting(n) {
		if err := s.end(n, (*network.Host).Kill, (*disk.Volume).Crash); errors.Is(err, errDown) {
			return // killed from outside at the same instant
		}
	}
	fmt.Fprintf(n.log, "[ERROR] process: died: %s: %s\n", kind, detail)
	if s.onDeath != nil {
		s.onDeath(cluster.Death{Node: n.name, Kind: kind, Detail: detail})
	}
}

// dieStarting cuts off an incarnation that is not live yet. Who boots it buries it.
func (s *System) dieStarting(n *node) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n.starting == nil {
		return false
	}
	n.starting.host.Kill()
	_ = n.starting.volume.Crash() // its error would be of closing the file
	return true
}
