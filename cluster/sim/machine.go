package sim

import (
	"errors"
	"fmt"
	"path/filepath"

	"faultline/cluster/disk"
	"faultline/cluster/network"
	"faultline/cluster/scheduler"
)

// machine is one node: a disk, a clock, a log, and its process.
type machine struct {
	name   string
	disk   *disk.Disk
	clock  *clock
	log    *nodeLog
	live   *Process // nil while the node is down
	paused bool

	// starting is the process that boot works on. It can die at a crash point before it is live.
	starting *Process
	started  int // how many processes there have been
}

// provideDisk gives a machine a disk. Its generators are named after the node, and after the replacement if it is not the
// node's first disk.
func (c *Cluster) provideDisk(m *machine, replacement string) {
	system, _ := c.config.fileSystem() // which New has checked
	m.disk = disk.New(disk.Config{Dir: filepath.Join(c.config.Dir, m.name), FileSystem: system, Base: c.config.SyncTime, Tail: c.config.SyncTime, Parts: c.config.Parts,
		Rand:      c.generator("disk " + m.name + replacement),
		FaultRand: c.generator("disk faults " + m.name + replacement)})
	m.disk.OnDeath(func(kind, detail string) { c.die(m, kind, detail) })
}

// Add adds a machine to those that there are, and starts a process on it, from nothing.
func (c *Cluster) Add(name string) error {
	if _, err := c.machine(name); err == nil {
		return fmt.Errorf("there are two nodes called %s", name)
	}
	m := c.newMachine(name)
	c.mu.Lock()
	c.machines = append(c.machines, m)
	c.mu.Unlock()
	return c.boot(m)
}

func (c *Cluster) newMachine(name string) *machine {
	m := &machine{name: name, clock: newClock(), log: &nodeLog{start: c.start}}
	c.provideDisk(m, "")
	return m
}

// boot starts a process from the machine's files.
func (c *Cluster) boot(m *machine) error {
	if err := m.disk.Startable(); err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	volume, err := m.disk.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	m.started++
	p := newProcess(c, m, c.network.Attach(m.name), volume)
	c.setStarting(m, p)
	defer c.setStarting(m, nil)
	if err = c.run(p); err == nil {
		return c.enliven(m, p)
	}
	died := p.Dead()
	p.cutOff((*network.Host).Kill)
	if p.held == scheduler.World {
		p.group.Wait()
	}
	_ = volume.Close()
	if died { // and met a machine that does nothing any more
		return fmt.Errorf("%s %w", m.name, errStarting)
	}
	return fmt.Errorf("%s: %w", m.name, err)
}

var errStarting = errors.New("died while it started")

func (c *Cluster) setStarting(m *machine, p *Process) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m.starting = p
}

// enliven makes a process that has started the machine's live one, unless it died meanwhile.
func (c *Cluster) enliven(m *machine, p *Process) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.Dead() {
		c.bury(p)
		return fmt.Errorf("%s %w", m.name, errStarting)
	}
	m.live, m.paused, m.starting = p, false, nil
	role, term := p.program.Role()
	c.track.begin(m.name, role, term)
	c.assess()
	return nil
}

// Renew cuts a node's power, and starts another machine of the same name with an empty disk.
func (c *Cluster) Renew(name string) error {
	m, err := c.machine(name)
	if err != nil {
		return err
	}
	if err := c.PowerLoss(name); err != nil {
		return err
	}
	c.replaced++
	c.provideDisk(m, fmt.Sprintf(", replacement %d", c.replaced))
	fmt.Fprintf(m.log, "[INFO]  process: started on another machine\n")
	return c.boot(m)
}

// Awake returns an error if a node is down or paused.
func (c *Cluster) Awake(name string) error {
	m, err := c.machine(name)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case m.live == nil:
		return fmt.Errorf("%s is down", m.name)
	case m.paused:
		return fmt.Errorf("%s is paused", m.name)
	default:
		return nil
	}
}
