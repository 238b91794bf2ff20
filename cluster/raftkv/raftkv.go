// Package raftkv is the replicated store that Faultline tests by default: a key-value store on
// unmodified hashicorp/raft over its own NetworkTransport, on a virtual network and virtual disks.
//
// It guarantees linearizable writes, applied once however often a client sends them, and reads as the
// chosen Level claims. Outcomes are honest: an operation that its client reports as fail never takes
// effect (see Outcomes). A crash is instant: what is left of a dead node runs on, cut off from its
// files, its log, the network and the clients, until it has shut down.
//
// Everything random in it comes from the seed, through one generator for each link and disk; raft's own
// draws come from math/rand, which whoever runs it seeds. The caller owes it calls from one goroutine
// at a time for Start, Stop, Report and all that Faults offers.
package raftkv

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/disk"
	"faultline/cluster/network"
)

// System is a cluster. It implements cluster.System.
type System struct {
	config  Config
	level   Level
	network *network.Network
	nodes   []*node
	track   track
	ledger  *ledger

	progress progress

	operator operator
	replaced int // how many machines

	// mu guards which incarnation a node has, and the fields below: a process may die of itself. No one waits
	// while holding it.
	mu       sync.Mutex
	dying    sync.WaitGroup // incarnations that shut down aside
	dead     []*incarnation // for their counts
	restarts int64
	quorum   quorum
	onDeath  func(cluster.Death)
}

var (
	_ cluster.System     = (*System)(nil)
	_ cluster.Links      = (*System)(nil)
	_ cluster.Processes  = (*System)(nil)
	_ cluster.Pauses     = (*System)(nil)
	_ cluster.Leadership = (*System)(nil)
	_ cluster.Clocks     = (*System)(nil)
	_ cluster.Transfers  = (*System)(nil)
	_ cluster.Members    = (*System)(nil)
	_ cluster.Disks      = (*System)(nil)
	_ cluster.Deaths     = (*System)(nil)
	_ cluster.Replicas   = (*System)(nil)
)

// New returns a cluster that is not started. The test begins now.
func New(c Config) (*System, error) {
	c = c.WithDefaults()
	if c.Parts != nil && c.Parts.Config != nil {
		c.Parts.Config(&c)
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	s := &System{config: c}
	s.network = network.New(network.Config{Seed: c.Seed, Delay: c.Delay, AfterWrite: s.sample})
	s.level, _ = levelByName(c.Read)
	s.track.start = time.Now()
	s.ledger = newLedger(s.track.start)
	s.quorum.lost = true // until a majority has started
	for i := range c.Nodes {
		name := fmt.Sprintf("n%d", i+1)
		n := &node{name: name, clock: newClock(), log: &nodeLog{start: s.track.start}}
		s.provideDisk(n, "")
		s.nodes = append(s.nodes, n)
	}
	return s, nil
}

// provideDisk gives a node an empty disk. Each machine has generators of its own; it is told apart by
// what stands after the node's name.
func (s *System) provideDisk(n *node, machine string) {
	n.disk = disk.New(disk.Config{Dir: filepath.Join(s.config.Dir, n.name),
		Rand:      generator(s.config.Seed, "disk "+n.name+machine),
		FaultRand: generator(s.config.Seed, "disk faults "+n.name+machine)})
	n.disk.OnDeath(func(kind, detail string) { s.die(n, kind, detail) })
}

// generator returns the generator of one source of randomness.
func generator(seed uint64, source string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(source))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// Nodes returns n1, n2, …
func (s *System) Nodes() []string {
	var names []string
	for _, n := range s.nodes {
		names = append(names, n.name)
	}
	return names
}

// Start starts every node from nothing.
func (s *System) Start() error {
	for _, n := range s.nodes {
		if err := s.boot(n, true); err != nil {
			return err
		}
	}
	return nil
}

// stragglers is how long the goroutines get that raft's transport starts for its connections and does
// not wait for: they have yet to see that their connections are gone.
const stragglers = 10 * time.Millisecond

// Stop shuts the cluster down, the remains of crashed nodes included. A paused node is resumed first.
func (s *System) Stop() error {
	s.operator.halt()
	var errs []error
	for _, n := range s.nodes {
		if n.live == nil {
			continue
		}
		if n.paused {
			errs = append(errs, s.Resume(n.name))
		}
		n.live.host.Kill() // handlers wait for clients to hang up
		errs = append(errs, n.live.shutdown(), n.live.volume.Close())
		s.dead = append(s.dead, n.live)
		n.live = nil
	}
	s.dying.Wait()
	time.Sleep(stragglers)
	return errors.Join(errs...)
}

// Open returns a client on a host of its own.
func (s *System) Open(id int, first string) cluster.Client {
	c := &client{id: uint64(id) + 1, host: s.network.Attach(fmt.Sprintf("client-%d", id)), nodes: s.Nodes(),
		conns: make([]connection, len(s.nodes)), anywhere: s.level.anywhere, session: s.level.session,
		affinity: s.config.Client.Affinity, blind: s.config.Client.BlindRetries,
		timeouts: timeouts{s.config.Client.OperationTimeout, s.config.Client.AttemptTimeout, s.config.Client.Backoff}}
	for i, n := range s.nodes {
		if n.name == first {
			c.first, c.leader = i, i
		}
	}
	if s.config.Parts != nil && s.config.Parts.Client != nil {
		return s.config.Parts.Client(c)
	}
	return c
}

// Faults are cuts, bad links and broken connections, crashes, losses of power, pauses, bad disks, wrong clocks, and
// changes of leadership and membership. It is known who leads.
func (s *System) Faults() cluster.Faults {
	return cluster.Faults{Links: s, Processes: s, Pauses: s, Leadership: s, Clocks: s, Transfers: s, Members: s,
		Impairments: s.network, Resets: s.network, Duplicates: s.network, Disks: s, Deaths: s}
}

func (s *System) membership() raft.Configuration {
	var c raft.Configuration
	for _, n := range s.nodes {
		c.Servers = append(c.Servers, raft.Server{ID: raft.ServerID(n.name), Address: raft.ServerAddress(n.name + raftPort)})
	}
	return c
}

func (s *System) others(me *node) []string {
	var names []string
	for _, n := range s.nodes {
		if n != me {
			names = append(names, n.name)
		}
	}
	return names
}

func (s *System) node(name string) (*node, error) {
	for _, n := range s.nodes {
		if n.name == name {
			return n, nil
		}
	}
	return nil, fmt.Errorf("there is no node %q", name)
}

// Leader returns the live node that leads in the highest term.
func (s *System) Leader() (string, bool) {
	if n, _ := s.leading(); n != nil {
		return n.name, true
	}
	return "", false
}

// leading is the live node that leads in the highest term, and its incarnation; nil if none does.
func (s *System) leading() (*node, *incarnation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var leader *node
	term := uint64(0)
	for _, n := range s.nodes {
		if n.live != nil && n.live.raft.State() == raft.Leader && n.live.raft.CurrentTerm() > term {
			leader, term = n, n.live.raft.CurrentTerm()
		}
	}
	if leader == nil {
		return nil, nil
	}
	return leader, leader.live
}
