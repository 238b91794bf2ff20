// Package sim is what a replication design runs on: simulated machines, each with a process that can die or stop at any
// instant, a network stack, a disk, a clock that can be wrong and a log, and the records that they make of a test. A design
// written as a Program suffers every fault of a machine, and shows in every picture of a run, with no code of its own.
//
// It guarantees that from the instant of a crash nothing the process does reaches its disk, its peers, its clients, its log
// or the records. Goroutines cannot be killed, so what is left of a dead process runs on, cut off from everything, until
// its Program has stopped. A pause is as SIGSTOP for whatever takes its time from its Process: what it does waits at
// the door of its disk, its network and its timers.
//
// A Program owes it determinism: randomness from Process.Rand only, time from its Process or the time package, nothing
// tried again in no time. It holds no lock that Role or Progress takes while it uses its disk, its network or its timers,
// or calls Happened, Die or Reach; all of these may wait, or look at the program.
//
// The caller owes it calls from one goroutine at a time for Start, Stop, Report and all that Faults offers.
package sim

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/cluster/sim/trace"
)

// Config describes a cluster of machines.
type Config struct {
	Seed  uint64        // the run's
	Dir   string        // where the machines' disks are
	Nodes []string      // the machines' names
	Delay network.Delay // of every link

	// Boot starts the program of a process. What it has opened on the machine is closed by the machine if it fails.
	Boot func(*Process) (Program, error)

	// Protocols read the messages on the network, by the port that was dialled. A nil entry, or none, leaves a port
	// out of the trace.
	Protocols map[string]trace.NewProtocol
	// Trace has the report contain all messages, as far as they are recorded: see network.MaxWrites and
	// network.MaxWrittenBytes.
	Trace bool

	// CrashPoints are what the program reaches by Process.Reach, or its disk by itself.
	CrashPoints []string
}

// Program is what runs as a process, on a machine, from its start until it was cut off.
type Program interface {
	// Role is what the program is now, in the words of its design, and in which term, epoch or view; 0 where there is
	// none. Who leads is called Leader. It must not wait.
	Role() (role string, term uint64)
	// Stop ends what the program has started by other means than Process.Go, and waits for it. The process has been cut
	// off before, so that connections and listeners have failed already.
	Stop() error
}

// The roles that mean something outside of a design.
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

	// mu guards which process a machine has, and the fields below: a process may die of itself. No one waits
	// while holding it.
	mu       sync.Mutex
	dying    sync.WaitGroup // processes that stop aside
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

// New returns machines that are not started. The test begins now.
func New(c Config) (*Cluster, error) {
	s := &Cluster{config: c, start: time.Now()}
	s.network = network.New(network.Config{Seed: c.Seed, Delay: c.Delay, AfterWrite: s.sample})
	s.track.start = s.start
	s.quorum.lost = true // until a majority has started
	for _, name := range c.Nodes {
		m := &machine{name: name, clock: newClock(), log: &nodeLog{start: s.start}}
		s.provideDisk(m, "")
		s.machines = append(s.machines, m)
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

// Stop ends every process, and waits for what is left of those that died. One that is paused is resumed first.
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

// Faults are what every machine suffers: cuts, bad links and broken connections, crashes, losses of power, pauses, bad
// disks, wrong clocks and deaths at a point. What depends on its design (who leads, handing over, membership) a
// system adds.
func (c *Cluster) Faults() cluster.Faults {
	return cluster.Faults{Links: c, Processes: c, Pauses: c, Clocks: c, Disks: c, Deaths: c,
		Impairments: c.network, Resets: c.network, Duplicates: c.network}
}

// Suffers names what every machine suffers, for a cluster.Kind.
func Suffers() []cluster.Fault { return (&Cluster{}).Faults().Suffers() }

// Client returns the host of a client, which is a machine of its own and suffers nothing. The id is unique in a test.
func (c *Cluster) Client(id int) *network.Host {
	return c.network.Attach(fmt.Sprintf("%s%d", trace.Client, id))
}

// Program returns what runs on a machine; nil while it is down, or if there is none of that name.
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

// Leading returns the program that leads in the highest term, and the machine that it runs on; nil if none leads.
func (c *Cluster) Leading() (node string, leader Program) {
	c.mu.Lock()
	defer c.mu.Unlock()
	highest := uint64(0)
	for _, m := range c.machines {
		if m.live == nil {
			continue
		}
		if role, term := m.live.program.Role(); role == Leader && (leader == nil || term > highest) {
			node, leader, highest = m.name, m.live.program, term
		}
	}
	return node, leader
}

// Leader names the machine whose program leads in the highest term. With it a system has cluster.Leadership.
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
