// Package sim provides the simulated machines that a replication design runs on. Each has a process that can die or stop at
// any instant, a network stack, a disk, a log, and a clock that can be wrong. They record roles, progress, logs and messages.
// A design is a Program. It needs no code of its own to suffer the faults of its machine and to be seen in a report.
//
// From the instant of a crash nothing that a process does reaches its disk, its peers, its clients, its log or the records.
// Go cannot kill goroutines, so what is left of a dead process runs on, cut off from everything, until its Program
// has stopped. A pause stops a process as SIGSTOP does, if it takes its time from its Process: whatever it does waits at the
// door of its disk, its network or its timers. Go's own timers, which hashicorp/raft uses, expire meanwhile.
//
// In a world that was built with the overlay the scheduler does better (package scheduler). What a Program starts belongs to
// its process: nothing of it runs while the process is paused, Go's own timers included, or once it is dead. GoroutineDelays let pauses and
// deaths come between two steps. So processes share no mutex but those of their Process: one that ends keeps what it has locked.
//
// A Program must be deterministic: its randomness comes from Process.Rand, and no loop repeats without letting time pass. It
// must not wait for its disk, its network or its timers while it holds a mutex that another goroutine wants: virtual time
// would stand still. A channel with room for one does in its place. It must not hold a lock that Role or Progress takes
// while it uses these or calls Happened, Die or Reach: they may wait, or ask the program for its role and progress. Became
// asks for neither.
//
// Start, Stop, Report and everything that Faults offers must be called from one goroutine at a time.
package sim

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"faultline/cluster"
	"faultline/cluster/disk"
	"faultline/cluster/network"
	"faultline/cluster/scheduler"
	"faultline/cluster/sim/trace"
)

// Config describes a cluster of machines.
type Config struct {
	Seed  uint64   // the run's
	Dir   string   // where the machines' disks are
	Nodes []string // the machines' names
	// Groups are the machines that replicate among themselves, and not with those of other groups; nil if all do. Each machine is in one.
	Groups [][]string
	Hardware

	// Boot starts the program of a process. If it fails, the process ends, and with it its listeners and connections. In a world that
	// was built with the overlay it runs as code of the process, and so does what it starts; but not if it starts Guests.
	Boot func(*Process) (Program, error)
	// Guests says that Boot only starts what runs elsewhere, such as a guest (package guest), and watches it.
	Guests bool

	// Protocols read the messages on the network, by the port that was dialled. Other ports are left out of the trace.
	Protocols map[string]trace.NewProtocol
	// Trace puts the messages into the report, up to network.MaxWrites writes and network.MaxWrittenBytes.
	Trace bool

	// CrashPoints names where a process can be made to die: the points that the program or its disk reaches.
	CrashPoints []string
	// Parts are the files that a fault can damage, for programs that do not declare them: see disk.Config.
	Parts map[disk.Part][]string
}

// Program is what a process runs.
type Program interface {
	// Role returns the program's role, in the words of its design, and its term, epoch or view, 0 if it has none. The role of a
	// leader is Leader. Role must not wait.
	Role() (role string, term uint64)
	// Stop waits for the goroutines that the program did not start by Process.Go. The process has been cut off by then: its
	// connections and listeners have failed, and Process.Done is closed.
	Stop() error
}

// WritesBack is a Program with contents of files that its Volume does not know, such as those of memory maps.
type WritesBack interface {
	// WriteBack makes them known before it is decided what survives the end of the process. It must not wait.
	WriteBack()
}

// The roles that have a meaning outside of a design.
const (
	Leader = "leader" // takes writes
	Down   = "down"   // has no process
	Paused = "paused" // has one that is stopped
)

// Cluster is a set of machines and the network between them.
type Cluster struct {
	config   Config
	start    time.Time
	network  *network.Network
	machines []*machine
	track    track
	progress progress
	ledger   ledger
	acks     acknowledged
	replaced int // how many machines

	// mu guards which process a machine has, and the fields below: a process may die by itself. Nobody may wait
	// while holding it.
	mu       sync.Mutex
	dying    sync.WaitGroup // processes that are stopping in the background
	restarts int64
	quorum   quorum
	onDeath  func(cluster.Death)
}

var (
	_ cluster.Links     = (*Cluster)(nil)
	_ cluster.Processes = (*Cluster)(nil)
	_ cluster.Pauses    = (*Cluster)(nil)
	_ cluster.Clocks    = (*Cluster)(nil)
	_ cluster.Disks     = (*Cluster)(nil)
	_ cluster.Deaths    = (*Cluster)(nil)

	_ cluster.Leadership = (*Cluster)(nil)
)

// New returns machines that are not started. The test begins now. It is an error if there are no nodes, or two of one name.
func New(c Config) (*Cluster, error) {
	for i, name := range c.Nodes {
		if slices.Contains(c.Nodes[:i], name) {
			return nil, fmt.Errorf("there are two nodes called %s", name)
		}
	}
	if len(c.Nodes) == 0 {
		return nil, errors.New("a cluster has one node or more")
	}
	s := &Cluster{config: c, start: time.Now()}
	if s.holds() {
		scheduler.SetJitter(c.Locks(), c.Calls())
	}
	s.network = network.New(network.Config{Seed: c.Seed, Delay: c.Delay, AfterWrite: s.sample, Record: c.Trace})
	s.track.start = s.start
	s.quorum.lost = true // until a majority has started
	for _, name := range c.Nodes {
		s.machines = append(s.machines, s.newMachine(name))
	}
	return s, nil
}

// Start starts a process on every machine, from nothing.
func (c *Cluster) Start() error {
	for _, m := range c.machines {
		if err := c.boot(m); err != nil {
			return err
		}
	}
	return nil
}

// Stop ends every process, resuming those that are paused, and waits for what is left of those that died.
func (c *Cluster) Stop() error {
	var errs []error
	for _, m := range c.machines {
		if m.paused {
			errs = append(errs, c.Resume(m.name))
		}
		if p := c.release(m); p != nil {
			p.cutOff((*network.Host).Kill)
			errs = append(errs, p.finish(), p.volume.Close())
		}
	}
	c.dying.Wait()
	return errors.Join(errs...)
}

// release takes its process from a machine, if it has one.
func (c *Cluster) release(m *machine) *Process {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := m.live
	m.live = nil
	return p
}

// Nodes names the machines.
func (c *Cluster) Nodes() []string {
	var names []string
	for _, m := range c.machines {
		names = append(names, m.name)
	}
	return names
}

// Faults are those that every machine suffers: cuts, bad links and broken connections, crashes, losses of power, pauses, bad
// disks, wrong clocks and deaths at a point. A system adds those that depend on its design: Leadership, for which the
// cluster itself serves, Transfers and Members.
func (c *Cluster) Faults() cluster.Faults {
	return cluster.Faults{Links: c, Processes: c, Pauses: c, Clocks: c, Disks: c, Deaths: c,
		Impairments: c.network, Resets: c.network, Duplicates: c.network}
}

// Suffers names what every machine suffers, for a cluster.Kind.
func Suffers() []cluster.Fault { return (&Cluster{}).Faults().Suffers() }

// Client returns the host of a client. It is a machine of its own, and suffers only what nodes do to its connections. The id is
// unique in a test.
func (c *Cluster) Client(id int) *network.Host {
	return c.network.Attach(fmt.Sprintf("%s%d", trace.Client, id))
}

// Program returns what a machine runs; nil while it is down, or if there is no machine of that name.
func (c *Cluster) Program(node string) Program {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.machines {
		if m.name == node && m.live != nil {
			return m.live.program
		}
	}
	return nil
}

// Leading returns the program that leads in the highest term, and its node; nil if none leads.
func (c *Cluster) Leading() (node string, leader Program) {
	return c.leading(func(string) bool { return true })
}

// LeadingOf is Leading of some nodes.
func (c *Cluster) LeadingOf(nodes []string) (node string, leader Program) {
	return c.leading(func(name string) bool { return slices.Contains(nodes, name) })
}

func (c *Cluster) leading(which func(name string) bool) (node string, leader Program) {
	c.mu.Lock()
	defer c.mu.Unlock()
	highest := uint64(0)
	for _, m := range c.machines {
		if m.live == nil || !which(m.name) {
			continue
		}
		if role, term := m.live.role(); role == Leader && (leader == nil || term > highest) {
			node, leader, highest = m.name, m.live.program, term
		}
	}
	return node, leader
}

// Leader names the node that leads in the highest term. It implements cluster.Leadership.
func (c *Cluster) Leader() (string, bool) {
	node, leader := c.Leading()
	return node, leader != nil
}

func (c *Cluster) machine(name string) (*machine, error) {
	for _, m := range c.machines {
		if m.name == name {
			return m, nil
		}
	}
	return nil, fmt.Errorf("there is no node %q", name)
}

// generator returns the generator of one source of randomness.
func (c *Cluster) generator(source string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(source))
	return rand.New(rand.NewPCG(c.config.Seed, h.Sum64()))
}
