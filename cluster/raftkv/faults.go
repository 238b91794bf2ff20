package raftkv

import (
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

// kill cuts a node off at this instant and lets what is left of it shut down aside.
func (s *System) kill(name string, host func(*network.Host), volume func(*disk.Volume) error) error {
	n, err := s.node(name)
	if err != nil {
		return err
	}
	if n.live == nil {
		return fmt.Errorf("%s is down already", name)
	}
	inc := n.live
	s.track.role(n.name, "down", inc.raft.CurrentTerm(), inc.host.Down)
	host(inc.host)
	err = volume(inc.volume)
	n.disk.Resume() // what waited at the door of a paused node goes on into the void
	n.live, n.paused = nil, false
	n.current.Store(nil)
	s.dead = append(s.dead, inc)
	fmt.Fprintf(n.log, "[INFO]  process: killed\n")
	s.dying.Go(func() { _ = inc.shutdown() })
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Restart starts a node that is down from its files.
func (s *System) Restart(name string) error {
	n, err := s.node(name)
	if err != nil {
		return err
	}
	if n.live != nil {
		return fmt.Errorf("%s is running already", name)
	}
	fmt.Fprintf(n.log, "[INFO]  process: started\n")
	s.restarts++
	return s.boot(n, false)
}

// Pause stops a node's process. Timers in it still expire, but nothing comes of it until Resume.
func (s *System) Pause(name string) error {
	n, err := s.node(name)
	switch {
	case err != nil:
		return err
	case n.live == nil:
		return fmt.Errorf("%s is down", name)
	case n.paused:
		return fmt.Errorf("%s is paused already", name)
	}
	n.paused = true
	n.disk.Pause()
	n.live.host.Pause()
	return nil
}

// Resume lets a paused process go on.
func (s *System) Resume(name string) error {
	n, err := s.node(name)
	switch {
	case err != nil:
		return err
	case !n.paused:
		return fmt.Errorf("%s is not paused", name)
	}
	n.paused = false
	n.disk.Resume()
	n.live.host.Resume()
	return nil
}
