package raftkv

import (
	"errors"
	"fmt"

	"faultline/cluster/disk"
	"faultline/cluster/network"
)

// Crash kills a node's process. Its files keep what it wrote.
func (s *System) Crash(name string) error {
	return s.kill(name, (*network.Host).Kill, (*disk.Volume).Crash)
}

// PowerLoss takes a node's machine down. Its files keep what it synced.
func (s *System) PowerLoss(name string) error {
	return s.kill(name, (*network.Host).PowerOff, (*disk.Volume).PowerLoss)
}

func (s *System) kill(name string, host func(*network.Host), volume func(*disk.Volume) error) error {
	n, err := s.node(name)
	if err != nil {
		return err
	}
	if err := s.end(n, host, volume); err != nil {
		return err
	}
	fmt.Fprintf(n.log, "[INFO]  process: killed\n")
	return nil
}

// end cuts a node off at this instant and lets what is left of it shut down aside.
func (s *System) end(n *node, host func(*network.Host), volume func(*disk.Volume) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n.live == nil {
		return fmt.Errorf("%s %w", n.name, errDown)
	}
	inc := n.live
	s.track.role(n.name, "down", inc.raft.CurrentTerm(), inc.host.Down)
	host(inc.host)
	err := volume(inc.volume)
	n.disk.Resume() // what waited at the door of a paused node goes on into the void
	n.live, n.paused = nil, false
	s.assess()
	s.bury(inc)
	if err != nil {
		return fmt.Errorf("%s: %w", n.name, err)
	}
	return nil
}

var errDown = errors.New("is down already")

// bury has what is left of an incarnation that is cut off shut down aside. The caller holds mu.
func (s *System) bury(inc *incarnation) {
	s.dead = append(s.dead, inc)
	s.dying.Go(func() { _ = inc.shutdown() })
}

// Restart starts a node that is down from its files.
func (s *System) Restart(name string) error {
	n, err := s.node(name)
	if err != nil {
		return err
	}
	if s.running(n) {
		return fmt.Errorf("%s is running already", name)
	}
	fmt.Fprintf(n.log, "[INFO]  process: started\n")
	if err := s.boot(n, false); err != nil {
		fmt.Fprintf(n.log, "[ERROR] process: does not start: %v\n", err)
		return err
	}
	s.restarts++
	return nil
}

// running reports whether the node has a process.
func (s *System) running(n *node) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return n.live != nil
}

// Pause stops a node's process. Timers in it still expire, but nothing comes of it until Resume.
func (s *System) Pause(name string) error {
	n, err := s.node(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		return err
	case n.live == nil:
		return fmt.Errorf("%s is down", name)
	case n.paused:
		return fmt.Errorf("%s is paused already", name)
	}
	n.paused = true
	s.track.pause(n.name, n.live.raft.CurrentTerm())
	n.disk.Pause()
	n.live.host.Pause()
	s.assess()
	return nil
}

// Resume lets a paused process go on.
func (s *System) Resume(name string) error {
	n, err := s.node(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		return err
	case !n.paused:
		return fmt.Errorf("%s is not paused", name)
	}
	n.paused = false
	s.track.resume(n.name, n.live.raft.State().String(), n.live.raft.CurrentTerm())
	n.disk.Resume()
	n.live.host.Resume()
	s.assess()
	return nil
}
