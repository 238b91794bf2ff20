package sim

import (
	"errors"
	"fmt"

	"faultline/cluster/disk"
	"faultline/cluster/network"
)

// ending is how a process is cut off from its network and its disk.
type ending struct {
	host   func(*network.Host)
	volume func(*disk.Volume) error
}

var (
	crash     = ending{(*network.Host).Kill, (*disk.Volume).Crash}
	powerLoss = ending{(*network.Host).PowerOff, (*disk.Volume).PowerLoss}
)

// Crash kills a node's process. Its files keep what it wrote.
func (c *Cluster) Crash(name string) error { return c.kill(name, crash) }

// PowerLoss takes a node's machine down. Its files keep what it synced.
func (c *Cluster) PowerLoss(name string) error { return c.kill(name, powerLoss) }

func (c *Cluster) kill(name string, how ending) error {
	m, err := c.machine(name)
	if err != nil {
		return err
	}
	if err := c.end(m, how); err != nil {
		return err
	}
	fmt.Fprintf(m.log, "[INFO]  process: killed\n")
	return nil
}

// end cuts a node off at this instant. What is left of its process stops aside.
func (c *Cluster) end(m *machine, how ending) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.live == nil {
		return fmt.Errorf("%s %w", m.name, errDown)
	}
	p := m.live
	_, term := p.role()
	c.track.role(m.name, Down, term, p.Dead)
	p.cutOff(how.host)
	m.disk.Resume() // what waited at the door of a paused node goes on into the void
	if w, ok := p.program.(WritesBack); ok {
		w.WriteBack()
	}
	err := how.volume(p.volume)
	m.live, m.paused = nil, false
	c.assess()
	c.bury(p)
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	return nil
}

var errDown = errors.New("is down already")

// bury waits aside for what is left of a process that was cut off. The caller holds mu.
func (c *Cluster) bury(p *Process) {
	c.dying.Go(func() { _ = p.finish() })
}

// Restart starts a node that is down from its files.
func (c *Cluster) Restart(name string) error {
	m, err := c.machine(name)
	if err != nil {
		return err
	}
	if c.running(m) {
		return fmt.Errorf("%s is running already", name)
	}
	fmt.Fprintf(m.log, "[INFO]  process: started\n")
	if err := c.boot(m); err != nil {
		fmt.Fprintf(m.log, "[ERROR] process: does not start: %v\n", err)
		return err
	}
	c.restarts++
	return nil
}

// running reports whether the node has a process.
func (c *Cluster) running(m *machine) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return m.live != nil
}

// Pause stops a node's process. Unless the scheduler holds it Go's own timers still expire in it, but nothing comes of that until Resume.
func (c *Cluster) Pause(name string) error {
	m, err := c.machine(name)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil:
		return err
	case m.live == nil:
		return fmt.Errorf("%s is down", name)
	case m.paused:
		return fmt.Errorf("%s is paused already", name)
	}
	p := m.live
	p.was.role, p.was.term = p.role()
	m.paused = true
	c.track.pause(m.name, p.was.term)
	m.disk.Pause()
	p.host.Pause()
	p.gate.stop()
	c.assess()
	return nil
}

// Resume lets a paused process go on.
func (c *Cluster) Resume(name string) error {
	m, err := c.machine(name)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil:
		return err
	case !m.paused:
		return fmt.Errorf("%s is not paused", name)
	}
	role, term := m.live.role()
	m.paused = false
	c.track.resume(m.name, role, term)
	m.disk.Resume()
	m.live.host.Resume()
	m.live.gate.resume()
	c.assess()
	return nil
}
